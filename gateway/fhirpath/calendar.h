// Days of the proleptic Gregorian calendar, for the arithmetic of Temporals.

#pragma once

#include <chrono>
#include <cstdint>

#include "fhirpath/temporal.h"

namespace gateway::fhirpath {

// Days since 1970-01-01 of the day that is written.
inline std::int64_t days_of(const Temporal& value) {
  const std::chrono::local_days days(std::chrono::year_month_day(
      std::chrono::year(value.year), std::chrono::month(value.month),
      std::chrono::day(value.day)));
  return days.time_since_epoch().count();
}

// False for days outside of the years 1 to 9999.
inline bool set_days(Temporal& value, std::int64_t days) {
  constexpr std::int64_t kFirst = -719'162;  // 0001-01-01
  constexpr std::int64_t kLast = 2'932'896;  // 9999-12-31
  if (days < kFirst || days > kLast) return false;
  const std::chrono::year_month_day ymd{
      std::chrono::local_days{std::chrono::days(days)}};
  value.year = static_cast<std::int16_t>(static_cast<int>(ymd.year()));
  value.month = static_cast<std::uint8_t>(static_cast<unsigned>(ymd.month()));
  value.day = static_cast<std::uint8_t>(static_cast<unsigned>(ymd.day()));
  return true;
}

}  // namespace gateway::fhirpath
