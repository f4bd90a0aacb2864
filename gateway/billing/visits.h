// Visits pools the attended sessions of each local date under each referral
// and judges them. What cannot be pooled is held where it is.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// Fills plan.visits, in order of date, and findings of sessions without one.
// REQUIRES: plan.referrals are viewed.
void pool_visits(const episode::Case& facts, const program::Programs& programs,
                 Instant now, Plan& plan);

}  // namespace gateway::billing
