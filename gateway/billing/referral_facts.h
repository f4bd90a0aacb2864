// ReferralFacts are the facts of an order and of the coverage that it leads to.

#pragma once

#include <set>

#include "billing/plan.h"

namespace gateway::billing {

// REQUIRES: all views of the plan know their order, coverage and policy.
void set_referral_facts(const episode::Case& facts,
                        const program::Programs& programs, LocalDate today,
                        const Plan& plan, ReferralView& view);

// Which of several orders somebody came to: only these were programs. Nothing
// where there is one order, which no other one counts.
std::set<const episode::Referral*> attended_orders(const episode::Case& facts,
                                                   const Plan& plan);

// Sets the facts of its diagnoses anew for the visit's date, where they differ
// from those of the day on which the order was written; true if so.
bool set_diagnoses_of_date(const program::Programs& programs,
                           const ReferralView& owner, Visit& visit);

}  // namespace gateway::billing
