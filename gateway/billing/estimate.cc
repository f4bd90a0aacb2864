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

// What is granted, else ordered, in thousandths.
struct Granted {
  std::int64_t visits = 0;
  std::int64_t minutes = 0;
  std::int64_t units = 0;
  std::optional<std::int64_t> further;  // no more of these than that
  std::string_view counted_by = "authorized";
};

Granted granted_for(const ReferralView& view) {
  Granted granted;
  bool limited = true;
  std::int64_t further = 0;
  for (const auto* grant : view.grants) {
    if (!grant->usable()) continue;
    granted.visits += grant->visits.value_or(0);
    if (grant->visits) {
      limited &= grant->further.has_value();
      further += grant->further.value_or(0);
    } else {
      granted.minutes += grant->hours.value_or(0) * 60;
      if (!grant->hours) granted.units += grant->units.value_or(0);
      limited = false;
    }
  }
  if (limited && granted.visits > 0) granted.further = further;
  if (granted.visits + granted.minutes + granted.units > 0) return granted;
  const auto ordered = view.facts.value(program::Fact::referral_ordered_visits);
  return {.visits = ordered.value_or(0), .counted_by = "ordered"};
}

struct Price {
  std::int64_t days = 0;
  Decimal day, all;
};

// What days of so many minutes cost.
class Pricing {
 public:
  Pricing(const ReferralView& view, const program::Programs& programs)
      : rules_(view.policy->rules),
        granted_(granted_for(view)),
        first_(programs.fee(view.payer, episode::kFirstHours)),
        further_(programs.fee(view.payer, episode::kFurtherHours)) {}

  [[nodiscard]] std::string_view counted_by() const {
    return granted_.counted_by;
  }

  [[nodiscard]] std::optional<Price> of_days(std::int64_t minutes) const {
    const auto units = units_of(minutes, rules_);
    const auto up = [](std::int64_t all, std::int64_t each) {
      return each > 0 ? (all + each - 1) / each : 0;
    };
    Price price;
    price.days = granted_.visits / 1000 + up(granted_.minutes, minutes * 1000) +
                 up(granted_.units, units.first * 1000 + units.further);
    auto further = price.days * units.further;
    if (granted_.further) further = std::min(further, *granted_.further);
    const auto day = sum(units.first, units.further);
    const auto all = sum(price.days * units.first, further);
    if (price.days == 0 || !day || !all) return std::nullopt;
    price.day = *day;
    price.all = *all;
    return price;
  }

 private:
  [[nodiscard]] std::optional<Decimal> sum(std::int64_t first,
                                           std::int64_t further) const {
    if (!first_ || !further_) return std::nullopt;
    const auto base = first_->times(Decimal(first));
    const auto more = further_->times(Decimal(further, 3));
    if (!base || !more) return std::nullopt;
    const auto all = base->plus(*more);
    return all ? all->rounded(2) : std::nullopt;
  }

  const program::BillingRules& rules_;
  Granted granted_;
  std::optional<Decimal> first_, further_;
};

}  // namespace

std::optional<Estimate> estimate_of(const ReferralView& view,
                                    const program::Programs& programs) {
  if (view.policy == nullptr || view.policy->packs.empty()) return {};
  constexpr std::int64_t kLeast = 120;  // that the first code stands for
  const auto usual = minutes_of(*view.policy, "preferredMinutesPerDay", kLeast);
  const auto most = minutes_of(*view.policy, "maxMinutesPerDay", usual);
  const Pricing pricing(view, programs);
  std::optional<Estimate> estimate;
  // Hours make fewer days where each is longer.
  for (const auto minutes : {kLeast, usual, most}) {
    const auto price = pricing.of_days(minutes);
    if (!price) return std::nullopt;
    if (!estimate) {
      estimate = Estimate{.visits = price->days,
                          .counted_by = pricing.counted_by(),
                          .day_least = price->day,
                          .day_most = price->day,
                          .least = price->all,
                          .most = price->all};
    }
    estimate->day_most = price->day;
    estimate->least = std::min(estimate->least, price->all);
    estimate->most = std::max(estimate->most, price->all);
  }
  return estimate;
}

}  // namespace gateway::billing
