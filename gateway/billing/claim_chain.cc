#include "billing/claim_chain.h"

#include <algorithm>
#include <charconv>

namespace gateway::billing {
namespace {

using episode::Emitted;
using Target = ChainStep::Target;

std::string_view frequency_of(Target target) {
  switch (target) {
    case Target::original:
      return "1";
    case Target::replacement:
      return "7";
    case Target::void_claim:
      return "8";
    case Target::nothing:
    case Target::unchanged:
      return "";
  }
  return "";
}

// What the pulled claim and the wanted content together ask for.
Target target_of(const Emitted* pulled,
                 const std::optional<WantedClaim>& content) {
  if (pulled == nullptr || pulled->frequency == "8") {
    return content ? Target::original : Target::nothing;
  }
  if (!content || content->insurer != pulled->insurer) {
    return Target::void_claim;
  }
  return content->financial == pulled->financial ? Target::unchanged
                                                 : Target::replacement;
}

}  // namespace

int chain_position(std::string_view key) {
  const auto mark = key.rfind('#');
  int position = 1;
  if (mark != std::string_view::npos) {
    std::from_chars(key.data() + mark + 1, key.data() + key.size(), position);
  }
  return position;
}

ChainStep next_step(const std::string& key,
                    const std::vector<const Emitted*>& claims,
                    const episode::Case& facts,
                    const std::optional<WantedClaim>& content) {
  auto chain = claims;
  std::sort(chain.begin(), chain.end(),
            [](const auto* left, const auto* right) {
              return chain_position(left->key) < chain_position(right->key);
            });
  ChainStep step;
  for (const auto* claim : chain) {
    if (facts.pulled(claim->source.key)) step.last_pulled = claim;
  }
  step.target = target_of(step.last_pulled, content);
  const auto after =
      step.last_pulled == nullptr ? 0 : chain_position(step.last_pulled->key);
  for (const auto* claim : chain) {
    if (chain_position(claim->key) <= after) continue;
    const bool fits = claim->frequency == frequency_of(step.target);
    // A claim that was never pulled and cancelled may live again.
    if (fits && step.working == nullptr) {
      step.working = claim;
    } else if (claim->status != "cancelled") {
      step.superseded.push_back(claim);
    }
  }
  const auto last = chain.empty() ? 0 : chain_position(chain.back()->key);
  step.key = step.working != nullptr ? step.working->key
             : last == 0             ? key
                                     : key + "#" + std::to_string(last + 1);
  if (step.last_pulled != nullptr) {
    step.payer_number = facts.payer_number(step.last_pulled->source.key);
  }
  return step;
}

}  // namespace gateway::billing
