// Estimate is what a program will cost, as far as a referral tells: the visits
// that are granted, else ordered, times what a day brings
// (return-to-work-practice T9).

#pragma once

#include <optional>
#include <string_view>

#include "billing/plan.h"

namespace gateway::billing {

struct Estimate {
  std::int64_t visits = 0;      // of the shortest day
  std::string_view counted_by;  // authorized, ordered
  Decimal day_least, day_most;  // of two hours, and of the longest day
  Decimal least, most;
};

// Nothing where visits or fees are not known.
std::optional<Estimate> estimate_of(const ReferralView& view,
                                    const program::Programs& programs);

}  // namespace gateway::billing
