// Units turns the minutes of one local date into the units of the two timed
// codes. A date has at most one unit of the first two hours.

#pragma once

#include <cstdint>

#include "program/billing_rules.h"

namespace gateway::billing {

struct Units {
  std::int64_t first = 0;    // 97545: 0 or 1
  std::int64_t further = 0;  // 97546, in thousandths: quarters exist
  bool under_minimum = false;
  bool tie = false;      // the rule does not settle these minutes
  bool reduced = false;  // with modifier 52
  bool operator==(const Units&) const = default;
};

// REQUIRES: minutes >= 0, floored once over the whole date.
Units units_of(std::int64_t minutes, const program::BillingRules& rules);

// Units of timed codes of 15 minutes for `minutes` of them together: one for
// the first 8 minutes, one more for each 15 after that (Medicare Claims
// Processing Manual, chapter 5, 20.2.C).
std::int64_t quarter_hour_units(std::int64_t minutes);

}  // namespace gateway::billing
