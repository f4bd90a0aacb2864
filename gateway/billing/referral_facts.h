// ReferralFacts are the facts of an order and of the coverage that it leads to.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// REQUIRES: all views of the plan know their order, coverage and policy.
void set_referral_facts(const episode::Case& facts,
                        const program::Programs& programs, LocalDate today,
                        const Plan& plan, ReferralView& view);

}  // namespace gateway::billing
