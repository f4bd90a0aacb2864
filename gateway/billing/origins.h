// Origins are what the versions of one run rest on: what rests on the same
// shares a Provenance.

#pragma once

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
  // By inputs and policies.
  std::map<std::pair<std::vector<std::string>, std::vector<std::string>>, Made>
      made_;
};

}  // namespace gateway::billing
