// Arguments of a command: options with a value, flags, and the rest. What a
// command accepts is a table, from which its --help is written.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gateway::server {

// Exit codes of every command.
enum ExitCode : int { kDone = 0, kNo = 1, kUsage = 2, kBroken = 3 };

struct Option {
  std::string_view name;   // without the dashes
  std::string_view value;  // what it takes, as "FILE"; empty for a flag
  std::string_view help;
};

struct Usage {
  std::string_view synopsis;  // "workgate compile [options] -o IMAGE"
  std::string_view purpose;   // one sentence
  std::vector<Option> options;
  std::string_view notes{};  // below the options, may be several lines
};

class Arguments {
 public:
  // "--name VALUE", "--name=VALUE", "-n" for one-letter names, "--" before
  // what only looks like an option. An Error names the argument.
  static Result<Arguments> parse(const std::vector<std::string>& words,
                                 const Usage& usage);

  [[nodiscard]] bool has(std::string_view name) const;
  // The last value given, or `otherwise`.
  [[nodiscard]] std::string get(std::string_view name,
                                std::string_view otherwise = {}) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& rest() const { return rest_; }

 private:
  std::multimap<std::string, std::string, std::less<>> options_;
  std::vector<std::string> rest_;
};

std::string help_text(const Usage& usage);

}  // namespace gateway::server
