#include "billing/origins.h"

#include <algorithm>

#include "billing/life_cycle.h"

namespace gateway::billing {
namespace {

void say(const std::string& code, std::vector<std::string>& codes) {
  if (code.empty()) return;
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
    codes.push_back(code);
  }
}

}  // namespace

void Origins::add(const std::string& target, const Cause& cause) {
  std::vector<std::string> policies;
  if (cause.policy != nullptr) {
    for (const auto& pack : cause.policy->packs) {
      policies.push_back(base_ + "/PolicyPack/" + pack->id + "|" +
                         pack->version);
    }
  }
  const auto part = !cause.doing.partner.empty() ? Part::doing
                    : cause.of_theirs            ? Part::moved
                                                 : Part::made;
  auto& made = made_[{part, cause.inputs, std::move(policies), cause.doing}];
  // One that goes through two states at once is one target.
  if (made.targets.empty() || made.targets.back() != target) {
    made.targets.push_back(target);
  }
  say(cause.into.state, made.states);
  say(cause.into.reason.empty() ? std::string(usual_reason(cause.into.state))
                                : cause.into.reason,
      made.reasons);
  say(cause.map, made.maps);
}

std::vector<ProvenanceBody> Origins::bodies() const {
  std::vector<ProvenanceBody> bodies;
  for (const auto& [cause, made] : made_) {
    bodies.push_back({.id = {},
                      .targets = made.targets,
                      .inputs = cause.inputs,
                      .policies = cause.policies,
                      .states = made.states,
                      .reasons = made.reasons,
                      .maps = made.maps,
                      .doing = cause.doing});
  }
  return bodies;
}

}  // namespace gateway::billing
