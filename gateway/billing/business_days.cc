#include "billing/business_days.h"

namespace gateway::billing {
namespace {

bool is_business_day(LocalDate day) {
  const auto weekday = day.weekday();
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

}  // namespace

std::int64_t business_days(LocalDate from, LocalDate to) {
  const auto weeks = days_between(from, to) / 7;
  std::int64_t count = weeks > 0 ? std::int64_t{5} * weeks : 0;
  auto day = from.plus_days(weeks > 0 ? 7 * weeks : 0).plus_days(1);
  for (; day <= to; day = day.plus_days(1)) {
    if (is_business_day(day)) ++count;
  }
  return count;
}

LocalDate plus_business_days(LocalDate from, std::int64_t count) {
  auto day = from;
  while (count > 0) {
    day = day.plus_days(1);
    if (is_business_day(day)) --count;
  }
  return day;
}

}  // namespace gateway::billing
