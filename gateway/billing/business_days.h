// Business days: Mondays to Fridays. Holidays differ by state and payer, so no
// calendar of them is kept; deadlines in business days come no later without.

#pragma once

#include <cstdint>

#include "base/date.h"

namespace gateway::billing {

// Those after `from`, up to and with `to`.
std::int64_t business_days(LocalDate from, LocalDate to);

// The `count`-th business day after `from`.
LocalDate plus_business_days(LocalDate from, std::int64_t count);

}  // namespace gateway::billing
