// Calendar arithmetic, precision and boundaries of dates and times.

#include <algorithm>
#include <array>
#include <chrono>

#include "fhirpath/calendar.h"
#include "fhirpath/temporal.h"

namespace gateway::fhirpath {

TimeUnit calendar_unit(std::string_view word) {
  if (word.size() > 1 && word.back() == 's') word.remove_suffix(1);
  struct Word {
    std::string_view text;
    TimeUnit unit;
  };
  constexpr std::array<Word, 8> kWords{
      {{"year", TimeUnit::year},
       {"month", TimeUnit::month},
       {"week", TimeUnit::week},
       {"day", TimeUnit::day},
       {"hour", TimeUnit::hour},
       {"minute", TimeUnit::minute},
       {"second", TimeUnit::second},
       {"millisecond", TimeUnit::millisecond}}};
  for (const auto& known : kWords) {
    if (known.text == word) return known.unit;
  }
  return TimeUnit::none;
}

namespace {

std::optional<Temporal> moved_months(const Temporal& value,
                                     std::int64_t months) {
  const auto at =
      static_cast<std::int64_t>(value.year) * 12 + (value.month - 1) + months;
  if (at < 12 || at >= 10'000 * 12) return std::nullopt;
  Temporal out = value;
  out.year = static_cast<std::int16_t>(at / 12);
  out.month = static_cast<std::uint8_t>(at % 12 + 1);
  const std::chrono::year_month_day_last last(
      std::chrono::year(out.year),
      std::chrono::month_day_last(std::chrono::month(out.month)));
  const auto days = static_cast<unsigned>(last.day());
  out.day = static_cast<std::uint8_t>(std::min<unsigned>(out.day, days));
  return out;
}

// `nanos` may be of any sign; a Time goes round the clock.
std::optional<Temporal> moved_clock(TemporalKind kind, const Temporal& value,
                                    Int128 nanos) {
  constexpr Int128 kDay = Int128{86'400} * 1'000'000'000;
  const Int128 clock =
      (Int128{value.hour} * 3'600 + value.minute * 60 + value.second) *
          1'000'000'000 +
      value.nanosecond + nanos;
  Int128 days = clock / kDay;
  Int128 rest = clock % kDay;
  if (rest < 0) {
    rest += kDay;
    days -= 1;
  }
  Temporal out = value;
  if (kind != TemporalKind::time &&
      !set_days(out, days_of(value) + static_cast<std::int64_t>(days))) {
    return std::nullopt;
  }
  const auto seconds = static_cast<std::int64_t>(rest / 1'000'000'000);
  out.nanosecond = static_cast<std::uint32_t>(rest % 1'000'000'000);
  out.hour = static_cast<std::uint8_t>(seconds / 3'600);
  out.minute = static_cast<std::uint8_t>(seconds / 60 % 60);
  out.second = static_cast<std::uint8_t>(seconds % 60);
  return out;
}

std::int64_t nanos_per(TimeUnit unit) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  switch (unit) {
    case TimeUnit::week:
      return 7 * 86'400 * kSecond;
    case TimeUnit::day:
      return 86'400 * kSecond;
    case TimeUnit::hour:
      return 3'600 * kSecond;
    case TimeUnit::minute:
      return 60 * kSecond;
    case TimeUnit::second:
      return kSecond;
    case TimeUnit::millisecond:
      return 1'000'000;
    case TimeUnit::none:
    case TimeUnit::year:
    case TimeUnit::month:
      break;
  }
  return 0;
}

// The unit that `value` is precise to; a fraction counts as nanoseconds.
std::int64_t nanos_of_precision(const Temporal& value) {
  switch (value.precision) {
    case DatePrecision::hour:
      return nanos_per(TimeUnit::hour);
    case DatePrecision::minute:
      return nanos_per(TimeUnit::minute);
    case DatePrecision::second:
      return nanos_per(TimeUnit::second);
    case DatePrecision::fraction:
      return 1;
    case DatePrecision::year:
    case DatePrecision::month:
    case DatePrecision::day:
      break;
  }
  return nanos_per(TimeUnit::day);
}

}  // namespace

std::optional<Temporal> moved(TemporalKind kind, const Temporal& value,
                              const Decimal& amount, TimeUnit unit) {
  constexpr std::int64_t kMost = 400'000'000'000'000;  // 9999 years in ms
  const auto whole = amount.truncated();
  if (!whole || *whole > kMost || *whole < -kMost) return std::nullopt;
  if (unit == TimeUnit::year || unit == TimeUnit::month) {
    if (kind == TemporalKind::time) return std::nullopt;
    return moved_months(value, unit == TimeUnit::year ? *whole * 12 : *whole);
  }
  // Only below the second does a fraction of a unit count (FHIRPath 2.0, 6.7).
  Int128 nanos = Int128{*whole} * nanos_per(unit);
  if (unit == TimeUnit::second) {
    const auto exact = amount.times(Decimal(1'000'000'000));
    const auto fine = exact ? exact->truncated() : std::nullopt;
    if (fine) nanos = *fine;
  }
  if (kind != TemporalKind::time && value.precision < DatePrecision::day) {
    // A month or a year moves by months of 30 or years of 365 days.
    const auto days =
        static_cast<std::int64_t>(nanos / nanos_per(TimeUnit::day));
    return moved_months(value, value.precision == DatePrecision::year
                                   ? days / 365 * 12
                                   : days / 30);
  }
  const Int128 quantum = nanos_of_precision(value);
  auto out = moved_clock(kind, value, nanos / quantum * quantum);
  return out;
}

int precision_digits(TemporalKind kind, const Temporal& value) {
  constexpr std::array<int, 7> kDigits{4, 6, 8, 10, 12, 14, 17};
  const int digits = kDigits[static_cast<std::size_t>(value.precision)];
  return kind == TemporalKind::time ? digits - 8 : digits;
}

namespace {

std::optional<DatePrecision> precision_of(TemporalKind kind, int digits) {
  if (kind == TemporalKind::time) digits += 8;
  if (kind == TemporalKind::date && digits > 8) return std::nullopt;
  switch (digits) {
    case 4:
      return DatePrecision::year;
    case 6:
      return DatePrecision::month;
    case 8:
      return DatePrecision::day;
    case 10:
      return DatePrecision::hour;
    case 12:
      return DatePrecision::minute;
    case 14:
      return DatePrecision::second;
    case 17:
      return DatePrecision::fraction;
    default:
      return std::nullopt;
  }
}

void raise_to_high(TemporalKind kind, Temporal& value, DatePrecision from) {
  if (from < DatePrecision::month) value.month = 12;
  if (from < DatePrecision::day) {
    const std::chrono::year_month_day_last last(
        std::chrono::year(value.year),
        std::chrono::month_day_last(std::chrono::month(value.month)));
    value.day = static_cast<std::uint8_t>(static_cast<unsigned>(last.day()));
  }
  if (from < DatePrecision::hour) value.hour = 23;
  // FHIR writes no dateTime of an hour without minutes, so such an hour stands
  // for its first minute (the R4 tests: HighBoundaryDateTimeMillisecond3).
  const auto whole_hour =
      kind == TemporalKind::time ? DatePrecision::minute : DatePrecision::hour;
  if (from < whole_hour) value.minute = 59;
  if (from < DatePrecision::second) value.second = 59;
  if (from < DatePrecision::fraction) value.nanosecond = 999'000'000;
}

void cut_to(Temporal& value, DatePrecision precision) {
  if (precision < DatePrecision::month) value.month = 1;
  if (precision < DatePrecision::day) value.day = 1;
  if (precision < DatePrecision::hour) value.hour = 0;
  if (precision < DatePrecision::minute) value.minute = 0;
  if (precision < DatePrecision::second) value.second = 0;
  if (precision < DatePrecision::fraction) value.nanosecond = 0;
  if (precision < DatePrecision::hour) value.has_offset = false;
  if (!value.has_offset) value.offset = 0;
  value.fraction_digits = precision == DatePrecision::fraction ? 3 : 0;
  value.precision = precision;
}

}  // namespace

std::optional<Temporal> boundary(TemporalKind kind, const Temporal& value,
                                 int digits, Bound bound) {
  const auto precision = precision_of(kind, digits);
  if (!precision) return std::nullopt;
  Temporal out = value;
  if (bound == Bound::high) raise_to_high(kind, out, value.precision);
  if (kind == TemporalKind::date_time && !out.has_offset) {
    // The earliest local midnight is UTC+14, the last one UTC-12.
    out.has_offset = true;
    out.offset = bound == Bound::low ? 14 * 60 : -12 * 60;
  }
  cut_to(out, *precision);
  return out;
}

}  // namespace gateway::fhirpath
