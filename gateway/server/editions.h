// Editions are the one in force and those before it. A reload loads the next
// one beside the running gateway and then swaps a pointer: no lock is held
// while anything is loaded, mapped or decided, so messages and reloads cannot
// wait for each other.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server/edition.h"

namespace gateway::server {

class Editions {
 public:
  using Load = std::function<LoadedEdition()>;

  explicit Editions(SharedEdition first) : current_(std::move(first)) {}

  [[nodiscard]] SharedEdition current() const;

  // `load` makes the next edition, or says why not: then nothing changes. One
  // reload at a time; a second one waits for the first.
  LoadedEdition reload(const Load& load, Instant now);
  // To the edition before the current one, which is then forgotten.
  LoadedEdition rollback(Instant now);

  struct Failure {
    Instant at{};
    LoadFailure why;
  };
  struct State {
    SharedEdition current;
    std::vector<SharedEdition> earlier;  // the last one first
    std::optional<Failure> failure;      // of the last attempt
    bool rolled_back = false;            // current is not what the files say
    // "done" or "rolled-back", or the stage that failed.
    std::map<std::string, std::uint64_t> attempts;
  };
  [[nodiscard]] State state() const;
  // "edition 0123456789ab", and what the last attempt was about if it failed.
  [[nodiscard]] std::string detail() const;

 private:
  void put(SharedEdition next);

  std::mutex loading_;  // never held by what handles a message
  mutable std::mutex mutex_;
  SharedEdition current_;
  std::vector<SharedEdition> earlier_;  // the last one last
  std::optional<Failure> failure_;
  bool rolled_back_ = false;
  std::map<std::string, std::uint64_t> attempts_;
};

}  // namespace gateway::server
