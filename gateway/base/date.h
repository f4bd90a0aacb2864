// Days and instants. A LocalDate is a calendar day of some zone; an Instant is
// a point on the UTC time line. Nothing here reads a clock.

#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

// A calendar day, proleptic Gregorian, years 0001 to 9999.
class LocalDate {
 public:
  constexpr LocalDate() = default;  // 1970-01-01
  constexpr explicit LocalDate(std::chrono::local_days days) : days_(days) {}

  // Nothing for days that do not exist.
  static std::optional<LocalDate> from(int year, int month, int day);
  static std::optional<LocalDate> parse(std::string_view yyyy_mm_dd);

  [[nodiscard]] std::string text() const;  // YYYY-MM-DD
  [[nodiscard]] std::chrono::local_days days() const { return days_; }
  [[nodiscard]] std::chrono::year_month_day ymd() const {
    return std::chrono::year_month_day(days_);
  }
  [[nodiscard]] std::chrono::weekday weekday() const {
    return std::chrono::weekday(days_);
  }
  [[nodiscard]] LocalDate plus_days(int count) const {
    return LocalDate(days_ + std::chrono::days(count));
  }
  // This day, or the nearest earlier day that is `start`.
  [[nodiscard]] LocalDate week_start(std::chrono::weekday start) const;

  auto operator<=>(const LocalDate&) const = default;

 private:
  std::chrono::local_days days_{};
};

// Days from `from` to `to`.
inline int days_between(LocalDate from, LocalDate to) {
  return static_cast<int>((to.days() - from.days()).count());
}

// Microseconds since 1970-01-01T00:00:00Z.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// How much of a date and time was written.
enum class DatePrecision : std::uint8_t {
  year,
  month,
  day,
  hour,
  minute,
  second,
  fraction
};

// A FHIR date, dateTime or instant as it was written. Fields beyond
// `precision` hold their least value.
struct DateTime {
  DatePrecision precision = DatePrecision::year;
  std::int16_t year = 1;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint32_t microsecond = 0;                 // beyond 6 digits: dropped
  std::optional<std::int16_t> offset_minutes{};  // absent: no offset written

  // FHIR R4 dateTime syntax (https://hl7.org/fhir/R4/datatypes.html#dateTime),
  // but the offset may be missing: whoever needs it asks. Checks that the day
  // exists. Nothing for other texts.
  static std::optional<DateTime> parse(std::string_view text);

  [[nodiscard]] bool has_time() const {
    return precision >= DatePrecision::hour;
  }
  // The first microsecond that it can mean. Nothing without an offset.
  [[nodiscard]] std::optional<Instant> instant() const;
  [[nodiscard]] std::optional<LocalDate> date() const;  // as written

  bool operator==(const DateTime&) const = default;
};

// 2026-04-06T13:00:00Z, with a fraction only where there is one.
std::string utc_text(Instant instant);
// 2026-04-06T08:00:00-05:00.
std::string offset_text(Instant instant, std::chrono::minutes offset);
std::optional<Instant> parse_instant(std::string_view text);

}  // namespace gateway
