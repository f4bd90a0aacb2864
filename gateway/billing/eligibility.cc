#include "billing/eligibility.h"

#include <algorithm>
#include <tuple>

namespace gateway::billing {
namespace {

using episode::Eligibility;

bool speaks_of(const Eligibility& one, const ReferralView& view,
               LocalDate date) {
  if (!one.valid || !one.authorization_required) return false;
  if (one.patient != view.patient) return false;
  const bool other_payer = !one.insurer.empty() && !view.insurer.empty() &&
                           one.insurer != view.insurer;
  const auto& named = one.coverages;
  const bool other_coverage =
      !named.empty() && view.coverage != nullptr &&
      std::find(named.begin(), named.end(), view.coverage->source.key) ==
          named.end();
  if (other_payer || other_coverage) return false;
  return (!one.from || *one.from <= date) && (!one.to || date <= *one.to);
}

// Where a payer counts visits by claim or injury, its count does not begin
// again with a new order: what is free is left to the first one.
bool continues(const episode::Case& facts, const ReferralView& view) {
  if (view.coverage == nullptr) return false;
  const auto& order = *view.order;
  const auto& coverage = view.coverage->source.key;
  const auto& all = facts.referrals();
  return std::any_of(all.begin(), all.end(), [&](const auto& entry) {
    const auto& [key, other] = entry;
    const auto& named = other.insurance;
    return other.status != "entered-in-error" &&
           facts.in_force(key) != &order &&
           std::tie(other.authored, key) <
               std::tie(order.authored, order.source.key) &&
           std::find(named.begin(), named.end(), coverage) != named.end();
  });
}

}  // namespace

const Eligibility* eligibility_on(const episode::Case& facts,
                                  const ReferralView& view, LocalDate date) {
  const Eligibility* latest = nullptr;
  for (const auto& [key, one] : facts.eligibilities()) {
    if (!speaks_of(one, view, date)) continue;
    if (latest == nullptr || std::tie(latest->created, latest->source.key) <
                                 std::tie(one.created, one.source.key)) {
      latest = &one;
    }
  }
  return latest;
}

bool authorization_wanted(const episode::Case& facts, const ReferralView& view,
                          const program::Policy& policy, LocalDate date) {
  const auto* said = eligibility_on(facts, view, date);
  return said == nullptr ? policy.rules.auth_required
                         : *said->authorization_required;
}

bool authorization_wanted(const episode::Case& facts, const ReferralView& view,
                          const Visit& visit) {
  const auto* said = eligibility_on(facts, view, visit.date);
  if (said != nullptr) return *said->authorization_required;
  const auto& rules = visit.policy->rules;
  const bool goes_on =
      rules.count_scope != program::CountScope::authorization &&
      (rules.visits_without_auth > 0 || rules.days_without_auth > 0) &&
      continues(facts, view);
  const auto beyond = [&](std::int64_t count, std::int64_t free) {
    return free > 0 && (goes_on || count > free);
  };
  return rules.auth_required ||
         beyond(visit.standing.ordinal, rules.visits_without_auth) ||
         beyond(visit.standing.day, rules.days_without_auth);
}

}  // namespace gateway::billing
