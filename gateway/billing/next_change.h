// NextChange tells when time alone may change a plan: the end of a session that
// still lies ahead, the last day of an authorization, the end of a week.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// The end of a week reaches its visits alone; anything else may reach all.
struct NextChange {
  std::optional<Instant> week_end, other;

  [[nodiscard]] std::optional<Instant> first() const;
};

// After `now`; never later than the change itself. Nothing if none will come.
NextChange next_change(const Plan& plan, const episode::Case& facts,
                       const program::Programs& programs, Instant now);

// When the week of a visit is over, at the facility of the site.
Instant end_of_week(const Visit& visit, const program::Programs& programs);

}  // namespace gateway::billing
