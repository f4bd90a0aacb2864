#include "billing/estimate.h"

#include <algorithm>

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

struct Days {
  std::int64_t count = 0;
  std::string_view counted_by = "authorized";
};

// How many days of so many minutes are granted, else ordered.
Days days_of(const ReferralView& view, std::int64_t minutes) {
  Days days;
  std::int64_t granted = 0;  // thousandths of minutes
  for (const auto* grant : view.grants) {
    if (!grant->usable()) continue;
    days.count += grant->visits.value_or(0) / 1000;
    granted += grant->visits ? 0 : grant->hours.value_or(0) * 60;
  }
  const auto day = std::max<std::int64_t>(minutes, 1) * 1000;
  days.count += (granted + day - 1) / day;
  if (days.count > 0) return days;
  const auto ordered = view.facts.value(program::Fact::referral_ordered_visits);
  return {ordered.value_or(0) / 1000, "ordered"};
}

}  // namespace

std::optional<Estimate> estimate_of(const ReferralView& view,
                                    const program::Programs& programs) {
  if (view.policy == nullptr || view.policy->packs.empty()) return {};
  constexpr std::int64_t kLeast = 120;
  const auto least = minutes_of(*view.policy, "preferredMinutesPerDay", kLeast);
  const auto most = minutes_of(*view.policy, "maxMinutesPerDay", least);
  const auto short_days = days_of(view, least);
  const auto long_days = days_of(view, most);
  const auto day_least = price_of_day(least, view, programs);
  const auto day_most = price_of_day(most, view, programs);
  if (short_days.count == 0 || !day_least || !day_most) return std::nullopt;
  const auto all_short = day_least->times(Decimal(short_days.count));
  const auto all_long = day_most->times(Decimal(long_days.count));
  if (!all_short || !all_long) return std::nullopt;
  Estimate estimate;
  estimate.visits = short_days.count;
  estimate.counted_by = short_days.counted_by;
  estimate.day_least = *day_least;
  estimate.day_most = *day_most;
  // Hours make fewer days where each is longer.
  const bool longer_costs = *all_short <= *all_long;
  estimate.least = longer_costs ? *all_short : *all_long;
  estimate.most = longer_costs ? *all_long : *all_short;
  return estimate;
}

}  // namespace gateway::billing
