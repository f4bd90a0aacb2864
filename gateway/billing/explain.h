// Explain writes the proof of a claim and the checklist of a referral as
// Parameters: why was this billed, and what is missing.

#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "billing/plan.h"

namespace gateway::billing {

// `claim` is the id of an emitted Claim of the case. Not found otherwise.
Result<std::string> explain_claim(const episode::Case& facts,
                                  const program::Programs& programs,
                                  std::string_view claim, Instant now);

// `referral` is the id of a ServiceRequest of the case. Not found otherwise.
Result<std::string> checklist(const episode::Case& facts,
                              const program::Programs& programs,
                              std::string_view referral, Instant now);

// What a few minutes more would have made of a visit: "6 more minutes: 1 + 2
// units", and what would hold them. Empty where the minutes decide nothing.
std::string counterfactual(const Visit& visit,
                           const std::vector<Balance>& balances);

}  // namespace gateway::billing
