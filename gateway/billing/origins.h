// Origins are what the versions of one run rest on: what rests on the same
// shares a Provenance.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "billing/emit.h"

namespace gateway::billing {

class Origins {
 public:
  // `base` of the canonical URLs of packs.
  explicit Origins(std::string base) : base_(std::move(base)) {}

  struct Cause {
    std::vector<std::string> inputs;  // versioned
    const program::Policy* policy = nullptr;
    Transition into{};
    std::string map{};  // its identity
    Doing doing{};
    bool of_theirs = false;  // the target is what others sent
  };
  // `target` is versioned.
  void add(const std::string& target, const Cause& cause);

  // In the order of their inputs; the ids are for the caller to give.
  [[nodiscard]] std::vector<ProvenanceBody> bodies() const;

 private:
  struct Made {
    std::vector<std::string> targets, states, reasons, maps;
  };

  std::string base_;
  // What others did comes first, since what follows from it comes after. What
  // becomes of theirs stands apart from what was made of it.
  enum class Part : std::uint8_t { doing, made, moved };
  struct Key {
    Part part = Part::made;
    std::vector<std::string> inputs, policies;
    Doing doing;
    auto operator<=>(const Key&) const = default;
  };
  std::map<Key, Made> made_;
};

}  // namespace gateway::billing
