#include "billing/claim_plans.h"

#include <algorithm>
#include <map>

#include "billing/eligibility.h"

namespace gateway::billing {
namespace {

bool is_billed(const Visit& visit) {
  return visit.billable && !visit.lines.empty();
}

// Nothing where a line has no price: a total is never less than its lines.
std::optional<Decimal> add_up(const std::vector<const Visit*>& visits) {
  std::optional<Decimal> sum = Decimal(0, 2);
  for (const auto* visit : visits) {
    for (const auto& line : visit->lines) {
      if (!line.net || !sum) return std::nullopt;
      sum = sum->plus(*line.net);
    }
  }
  return sum;
}

// REQUIRES: at least one visit, in order.
ClaimPlan claim_for(const std::string& key, std::vector<const Visit*> visits,
                    const ReferralView& owner, const episode::Case& facts) {
  const auto& first = *visits.front();
  ClaimPlan claim;
  claim.key = key;
  for (const auto* visit : visits) claim.held |= visit->held();
  claim.diagnoses = owner.diagnoses;
  claim.coverage = owner.coverage;
  claim.insurer = owner.insurer;
  claim.injury = owner.injury;
  if (owner.coverage != nullptr) {
    claim.claim_number = owner.coverage->claim_number;
  }
  if (first.grant != nullptr) {
    claim.authorization = first.grant->number;
    claim.grant = first.grant->authorization->source.key;
  } else if (const auto* said = eligibility_on(facts, owner, first.date);
             said != nullptr && !*said->authorization_required) {
    claim.authorization = said->number;
  }
  claim.requester = first.referral->requester;
  claim.rendering = first.rendering;
  claim.total = add_up(visits);
  const auto days = first.policy->rules.timely_filing_days;
  if (days > 0) claim.file_by = first.date.plus_days(static_cast<int>(days));
  claim.visits = std::move(visits);
  return claim;
}

auto place_of(std::vector<ClaimPlan>& claims, std::string_view key) {
  return std::lower_bound(claims.begin(), claims.end(), key,
                          [](const ClaimPlan& one, std::string_view wanted) {
                            return one.key < wanted;
                          });
}

}  // namespace

std::string claim_key(const Visit& visit, const ReferralView& owner) {
  const auto& rules = visit.policy->rules;
  auto key = "claim|" + owner.root + "|";
  if (rules.grouping == program::Grouping::day) return key + visit.date.text();
  const auto week = visit.date.week_start(rules.week_start);
  const auto year = static_cast<int>(visit.date.ymd().year());
  return key + "week " + week.text() + "|" + std::to_string(year) + "|" +
         (visit.grant == nullptr ? std::string() : visit.grant->number) + "|" +
         visit.rendering + "|" + visit.place_of_service;
}

std::vector<std::string> inputs_of(const ClaimPlan& claim) {
  std::vector<std::string> inputs;
  std::set<std::string_view> seen;
  for (const auto* visit : claim.visits) {
    for (const auto& input : visit->inputs) {
      if (seen.insert(input).second) inputs.push_back(input);
    }
  }
  return inputs;
}

const ClaimPlan* claim_of(const Plan& plan, std::string_view key) {
  const auto found =
      std::lower_bound(plan.claims.begin(), plan.claims.end(), key,
                       [](const ClaimPlan& one, std::string_view wanted) {
                         return one.key < wanted;
                       });
  if (found == plan.claims.end() || found->key != key) return nullptr;
  return &*found;
}

void plan_claims(const Regrouped& regrouped, const episode::Case& facts,
                 Plan& plan) {
  std::set<const Visit*> moved(regrouped.left.begin(), regrouped.left.end());
  std::map<std::string_view, std::vector<const Visit*>> joined;
  for (const auto* visit : regrouped.settled) {
    moved.insert(visit);
    if (is_billed(*visit)) joined[visit->claim_key].push_back(visit);
  }
  for (const auto& key : regrouped.keys) {
    const auto place = place_of(plan.claims, key);
    const bool known = place != plan.claims.end() && place->key == key;
    auto visits = joined[key];
    if (known) {
      for (const auto* visit : place->visits) {
        if (!moved.contains(visit)) visits.push_back(visit);
      }
    }
    if (visits.empty()) {
      if (known) plan.claims.erase(place);
      continue;
    }
    std::sort(visits.begin(), visits.end(),
              [](const Visit* left, const Visit* right) {
                return before(*left, *right);
              });
    const auto owner = std::find_if(
        plan.referrals.begin(), plan.referrals.end(), [&](const auto& view) {
          return view.order == visits.front()->referral;
        });
    auto claim = claim_for(key, std::move(visits), *owner, facts);
    if (known) {
      *place = std::move(claim);
    } else {
      plan.claims.insert(place, std::move(claim));
    }
  }
}

}  // namespace gateway::billing
