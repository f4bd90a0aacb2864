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

// The same of a date that was attended: some policies ask only from the
// sixteenth visit on. REQUIRES: it knows its policy and its standing.
bool authorization_wanted(const episode::Case& facts, const ReferralView& view,
                          const Visit& visit);

}  // namespace gateway::billing
