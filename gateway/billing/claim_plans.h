// ClaimPlans puts visits into claims: one for each date, or one for a week,
// and never across two authorizations, referrals, rendering providers, places
// of service or calendar years.

#pragma once

#include <set>
#include <string>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

// REQUIRES: the grant and the parties of the visit are known.
std::string claim_key(const Visit& visit, const ReferralView& owner);

// What all its visits rest on, each once.
std::vector<std::string> inputs_of(const ClaimPlan& claim);

const ClaimPlan* claim_of(const Plan& plan, std::string_view key);

struct Regrouped {
  std::set<std::string> keys;         // of claims to be built anew
  std::vector<const Visit*> left;     // visits that are no more
  std::vector<const Visit*> settled;  // visits that were judged anew
};
void plan_claims(const Regrouped& regrouped, const episode::Case& facts,
                 Plan& plan);

}  // namespace gateway::billing
