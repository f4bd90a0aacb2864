#include "billing/units.h"

namespace gateway::billing {
namespace {

using program::BillingRules;
using program::Tie;
using program::UnderMinimum;
using program::UnitRule;

constexpr std::int64_t kFirst = 120;  // minutes in the first two hours
constexpr std::int64_t kHour = 60;
constexpr std::int64_t kUnit = 1000;  // thousandths

// A unit is attained when its mid-point is passed, not when it is reached.
std::int64_t whole_hours(std::int64_t beyond, UnitRule rule) {
  const auto hours = beyond / kHour;
  const auto rest = beyond % kHour;
  switch (rule) {
    case UnitRule::midpoint:
    case UnitRule::nearest:
      return hours + (rest > kHour / 2 ? 1 : 0);
    case UnitRule::completed:
    case UnitRule::quarter:
      return hours;
    case UnitRule::started:
      return hours + (rest > 0 ? 1 : 0);
  }
  return hours;
}

std::int64_t further_units(std::int64_t minutes, UnitRule rule) {
  if (minutes <= kFirst) return 0;
  const auto beyond = minutes - kFirst;
  const auto whole = whole_hours(beyond, rule) * kUnit;
  if (rule != UnitRule::quarter) return whole;
  const auto rest = beyond % kHour;
  const auto quarters = rest / 15 + (rest % 15 >= 8 ? 1 : 0);
  return whole + quarters * kUnit / 4;
}

bool attains_first(std::int64_t minutes, UnitRule rule) {
  switch (rule) {
    case UnitRule::midpoint:
    case UnitRule::nearest:
      return minutes > kFirst / 2;
    case UnitRule::completed:
    case UnitRule::quarter:
      return minutes >= kFirst;
    case UnitRule::started:
      return minutes > 0;
  }
  return false;
}

bool is_tie(std::int64_t minutes) {
  if (minutes < kFirst) return minutes == kFirst / 2;
  return minutes % kHour == kHour / 2;
}

}  // namespace

Units units_of(std::int64_t minutes, const BillingRules& rules) {
  Units units;
  auto rule = rules.unit_rule;
  if (minutes < rules.min_session_minutes) {
    units.under_minimum = true;
    const auto under = rules.under_minimum;
    if (under == UnderMinimum::hold || under == UnderMinimum::reject) {
      return units;
    }
    rule = UnitRule::midpoint;
    units.reduced = under == UnderMinimum::mod52;
  }
  // A quarter-hour rule defines the first two hours as one unit and says
  // nothing of a shorter session, which is therefore held.
  if (rule == UnitRule::quarter && minutes < kFirst) {
    units.under_minimum = true;
    return units;
  }
  units.tie = rule == UnitRule::nearest && is_tie(minutes);
  if (units.tie && rules.tie == Tie::hold) return units;
  units.first = attains_first(minutes, rule) ? 1 : 0;
  units.reduced = units.reduced && units.first == 1;
  if (units.first == 1) units.further = further_units(minutes, rule);
  return units;
}

std::int64_t quarter_hour_units(std::int64_t minutes) {
  return (minutes + 7) / 15;
}

}  // namespace gateway::billing
