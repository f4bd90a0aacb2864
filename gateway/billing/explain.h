// Explain writes the proof of a claim and the checklist of a referral as
// Parameters: why was this billed, and what is missing.

#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "billing/plan.h"

namespace gateway::billing {

struct ClaimExplanation {
  std::string parameters;
  // The lines prove what the claim bills. Otherwise facts or packs changed
  // since it was sent, or it is a void, which bills what another one did.
  bool proves = false;
};

// `claim` is the id of an emitted Claim of the case. Not found otherwise.
Result<ClaimExplanation> explain_claim(const episode::Case& facts,
                                       const program::Programs& programs,
                                       std::string_view claim, Instant now);

// The facts and packs of the day on which a claim was made.
struct ClaimDay {
  const episode::Case& facts;
  const program::Programs& programs;
  std::string claim;  // id; of the claim that is taken back, for a void
  Instant at;         // when that claim was made
};

// The same of a claim whose basis changed since; its states are those of
// `present`, where it has the id `claim`.
Result<ClaimExplanation> explain_claim_of(const ClaimDay& day,
                                          const episode::Case& present,
                                          std::string_view claim);

// `referral` is the id of a ServiceRequest of the case. Not found otherwise.
Result<std::string> checklist(const episode::Case& facts,
                              const program::Programs& programs,
                              std::string_view referral, Instant now);

// What a few minutes more would have made of a visit: "6 more minutes: 1 + 2
// units", and what would hold them. Empty where the minutes decide nothing.
std::string counterfactual(const Visit& visit,
                           const std::vector<Balance>& balances);

}  // namespace gateway::billing
