// Temporal is a FHIRPath Date, DateTime or Time as precise as it was written.
//
// Comparing values of different precision may have no answer: then it is
// Order::unknown, which FHIRPath gives back as the empty collection
// (FHIRPath 2.0, 6.1.1 and 6.2).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/decimal.h"

namespace gateway::fhirpath {

enum class TemporalKind : std::uint8_t { date, date_time, time };

// Fields beyond the precision hold their least value; a Time has no day.
struct Temporal {
  std::uint32_t nanosecond = 0;
  std::int16_t year = 1;
  std::int16_t offset = 0;  // minutes east of UTC
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  DatePrecision precision = DatePrecision::year;
  std::uint8_t fraction_digits = 0;  // as written, at most 9
  bool has_offset = false;

  bool operator==(const Temporal&) const = default;
};
static_assert(sizeof(Temporal) == 16);

// FHIR data may end a minute with second 60, which FHIRPath does not have.
enum class LeapSecond : std::uint8_t { refused, as_the_last_second };

// FHIRPath 2.0, 3 (lexical elements): the forms of literals without '@' and,
// for times, without 'T'. Nothing for days and times that do not exist.
std::optional<Temporal> parse_date(std::string_view text);
std::optional<Temporal> parse_date_time(std::string_view text,
                                        LeapSecond leap = LeapSecond::refused);
std::optional<Temporal> parse_time(std::string_view text,
                                   LeapSecond leap = LeapSecond::refused);
std::optional<Temporal> parse_temporal(TemporalKind kind, std::string_view text,
                                       LeapSecond leap = LeapSecond::refused);

std::string text_of(TemporalKind kind, const Temporal& value);

enum class Order : std::uint8_t { less, equal, greater, unknown };

// Dates and date times may be compared with each other, times with times.
// Where only one side has an offset, the answer is known only if it is the
// same for every offset from -12:00 to +14:00.
Order compare(const Temporal& left, const Temporal& right);
// The same precision and the same value: FHIRPath's `~`.
bool equivalent(const Temporal& left, const Temporal& right);

enum class TimeUnit : std::uint8_t {
  none,
  year,
  month,
  week,
  day,
  hour,
  minute,
  second,
  millisecond
};

// "day", "days", "millisecond" ...
TimeUnit calendar_unit(std::string_view word);

// `value` moved by `amount` units; below the precision of `value`, whole units
// of that precision are counted. Nothing if the day leaves the years 1 to 9999.
std::optional<Temporal> moved(TemporalKind kind, const Temporal& value,
                              const Decimal& amount, TimeUnit unit);

// Number of digits that are written: 4 for a year, 17 for a dateTime with
// milliseconds (FHIRPath, precision()).
int precision_digits(TemporalKind kind, const Temporal& value);

enum class Bound : std::uint8_t { low, high };

// The least or greatest value of `digits` digits that `value` may stand for.
// Nothing if its kind has no such precision.
std::optional<Temporal> boundary(TemporalKind kind, const Temporal& value,
                                 int digits, Bound bound);

}  // namespace gateway::fhirpath
