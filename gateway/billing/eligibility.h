// Eligibility: what the payer itself said about needing an authorization, which
// counts more than what the pack expects of it (DESIGN B3).

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// The payer's latest answer for the referral's coverage and that date; null
// where it said nothing.
const episode::Eligibility* eligibility_on(const episode::Case& facts,
                                           const ReferralView& view,
                                           LocalDate date);

// By the payer's answer, else by the policy.
bool authorization_wanted(const episode::Case& facts, const ReferralView& view,
                          const program::Policy& policy, LocalDate date);

}  // namespace gateway::billing
