// Referrals builds the view of each referral in force: its coverage and payer,
// its program and policy, the grants that belong to it, and what is wrong.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// Fills plan.grants and plan.referrals, and the findings about authorizations.
void view_referrals(const episode::Case& facts,
                    const program::Programs& programs, Instant now, Plan& plan);

// The view of the order in force for a referral key; null if there is none.
const ReferralView* view_of(const Plan& plan, const episode::Case& facts,
                            std::string_view referral);

// Findings for each literal reference whose target is not known.
std::vector<Judgement> unresolved(
    const episode::Case& facts,
    const std::vector<episode::ReferenceUse>& references,
    const Judgement& pattern);

}  // namespace gateway::billing
