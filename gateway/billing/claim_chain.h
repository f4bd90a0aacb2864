// ClaimChain is the history of the claims of one date: what was pulled, what
// replaces it, and what must happen next.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/judge.h"
#include "episode/case.h"

namespace gateway::billing {

inline constexpr Own kAwaiting{
    "billing/awaiting-payer-number",
    "The claim that this one replaces has no number of the payer yet",
    "a ClaimResponse with the payer's number of the prior claim",
    "wait for the payer's answer, or send it",
    "review-claim",
    "Claim.related.reference",
    fhir::Actor::payer};

// Which claim the plan's content belongs into.
struct ChainStep {
  enum class Target : std::uint8_t {
    nothing,   // no claim is wanted
    original,  // frequency 1, in place while it was not pulled
    replacement,
    void_claim,
    unchanged,  // what was pulled still says it all
  };
  Target target = Target::nothing;
  const episode::Emitted* last_pulled = nullptr;
  const episode::Emitted* working = nullptr;  // kept and updated
  // Not pulled and no longer wanted: to be cancelled.
  std::vector<const episode::Emitted*> superseded;
  std::string key;           // of the working or a new claim
  std::string payer_number;  // of last_pulled; empty: it must be waited for
};

// What is to be paid, and by whom. No claim can be sent on to another payer:
// the one has it voided, the other gets a claim of its own after that.
struct WantedClaim {
  std::string financial;
  std::string insurer;  // key
};

// `claims` are the emitted claims of one key; `content` is nothing where no
// claim is wanted.
ChainStep next_step(const std::string& key,
                    const std::vector<const episode::Emitted*>& claims,
                    const episode::Case& facts,
                    const std::optional<WantedClaim>& content);

// Of "claim|x#3": 3; of "claim|x": 1.
int chain_position(std::string_view key);

}  // namespace gateway::billing
