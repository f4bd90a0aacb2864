#include "billing/estimate.h"

#include "billing/units.h"

namespace gateway::billing {
namespace {

// The strictest pack says how long a day is; minutes where none does.
std::int64_t minutes_of(const program::Policy& policy, std::string_view name,
                        std::int64_t otherwise) {
  for (const auto& pack : policy.packs) {
    const auto knob = pack->knobs.find(std::string(name));
    if (knob != pack->knobs.end()) return knob->second.thousandths / 1000;
  }
  return otherwise;
}

std::optional<Decimal> price_of_day(std::int64_t minutes,
                                    const ReferralView& view,
                                    const program::Programs& programs) {
  const auto units = units_of(minutes, view.policy->rules);
  const auto first = programs.fee(view.payer, episode::kFirstHours);
  const auto further = programs.fee(view.payer, episode::kFurtherHours);
  if (!first || !further) return std::nullopt;
  const auto base = first->times(Decimal(units.first));
  const auto more = further->times(Decimal(units.further, 3));
  if (!base || !more) return std::nullopt;
  const auto sum = base->plus(*more);
  return sum ? sum->rounded(2) : std::nullopt;
}

}  // namespace

std::optional<Estimate> estimate_of(const ReferralView& view,
                                    const program::Programs& programs) {
  if (view.policy == nullptr || view.policy->packs.empty()) return {};
  Estimate estimate;
  for (const auto* grant : view.grants) {
    if (grant->usable()) estimate.visits += grant->visits.value_or(0) / 1000;
  }
  estimate.counted_by = "authorized";
  if (estimate.visits == 0) {
    const auto ordered =
        view.facts.value(program::Fact::referral_ordered_visits);
    estimate.visits = ordered.value_or(0) / 1000;
    estimate.counted_by = "ordered";
  }
  constexpr std::int64_t kLeast = 120;
  const auto least = minutes_of(*view.policy, "preferredMinutesPerDay", kLeast);
  const auto most = minutes_of(*view.policy, "maxMinutesPerDay", least);
  const auto day_least = price_of_day(least, view, programs);
  const auto day_most = price_of_day(most, view, programs);
  if (estimate.visits == 0 || !day_least || !day_most) return std::nullopt;
  estimate.day_least = *day_least;
  estimate.day_most = *day_most;
  const auto all_least = day_least->times(Decimal(estimate.visits));
  const auto all_most = day_most->times(Decimal(estimate.visits));
  if (!all_least || !all_most) return std::nullopt;
  estimate.least = *all_least;
  estimate.most = *all_most;
  return estimate;
}

}  // namespace gateway::billing
