#include "base/date.h"

namespace gateway {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

// Reads exactly `count` digits at `at` and steps over them.
std::optional<int> digits(std::string_view text, std::size_t& at,
                          std::size_t count) {
  if (text.size() - at < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  at += count;
  return value;
}

bool step_over(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

std::string padded(long long value, std::size_t width) {
  auto text = std::to_string(value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

// "Z", "+hh:mm" or "-hh:mm", to the end of the text.
std::optional<std::int16_t> offset_of(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) {
    return std::nullopt;
  }
  std::size_t at = 1;
  const auto hours = digits(text, at, 2);
  if (!hours || !step_over(text, at, ':')) return std::nullopt;
  const auto minutes = digits(text, at, 2);
  if (!minutes || *minutes > 59 || *hours * 60 + *minutes > 14 * 60) {
    return std::nullopt;
  }
  const int offset = *hours * 60 + *minutes;
  return static_cast<std::int16_t>(text[0] == '-' ? -offset : offset);
}

// The digits behind the point, as microseconds.
std::optional<std::uint32_t> fraction_of(std::string_view text,
                                         std::size_t& at) {
  std::uint32_t value = 0;
  std::size_t count = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    if (count++ < 6) {
      value = value * 10 + static_cast<std::uint32_t>(text[at] - '0');
    }
  }
  if (count == 0) return std::nullopt;
  for (; count < 6; ++count) value *= 10;
  return value;
}

bool read_time(std::string_view text, std::size_t& at, DateTime& out) {
  const auto hour = digits(text, at, 2);
  if (!hour || *hour > 23 || !step_over(text, at, ':')) return false;
  const auto minute = digits(text, at, 2);
  if (!minute || *minute > 59) return false;
  out.hour = static_cast<std::uint8_t>(*hour);
  out.minute = static_cast<std::uint8_t>(*minute);
  out.precision = DatePrecision::minute;
  if (!step_over(text, at, ':')) return true;
  const auto second = digits(text, at, 2);
  if (!second || *second > 60) return false;  // 60: a leap second
  out.second = static_cast<std::uint8_t>(*second);
  out.precision = DatePrecision::second;
  if (!step_over(text, at, '.')) return true;
  const auto fraction = fraction_of(text, at);
  if (!fraction) return false;
  out.microsecond = *fraction;
  out.precision = DatePrecision::fraction;
  return true;
}

bool read_date(std::string_view text, std::size_t& at, DateTime& out) {
  const auto y = digits(text, at, 4);
  if (!y || *y == 0) return false;
  out.year = static_cast<std::int16_t>(*y);
  if (!step_over(text, at, '-')) return true;
  const auto m = digits(text, at, 2);
  if (!m || *m < 1 || *m > 12) return false;
  out.month = static_cast<std::uint8_t>(*m);
  out.precision = DatePrecision::month;
  if (!step_over(text, at, '-')) return true;
  const auto d = digits(text, at, 2);
  if (!d || !LocalDate::from(*y, *m, *d)) return false;
  out.day = static_cast<std::uint8_t>(*d);
  out.precision = DatePrecision::day;
  return true;
}

std::string wall_text(std::chrono::sys_time<std::chrono::microseconds> time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock(time - days);
  const LocalDate date(std::chrono::local_days(days.time_since_epoch()));
  auto text = date.text() + "T" + padded(clock.hours().count(), 2) + ":" +
              padded(clock.minutes().count(), 2) + ":" +
              padded(clock.seconds().count(), 2);
  if (clock.subseconds().count() != 0) {
    text += "." + padded(clock.subseconds().count(), 6);
    while (text.back() == '0') text.pop_back();
  }
  return text;
}

}  // namespace

std::optional<LocalDate> LocalDate::from(int y, int m, int d) {
  if (y < 1 || y > 9999 || m < 1 || d < 1) return std::nullopt;
  const year_month_day date(year(y), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d)));
  if (!date.ok()) return std::nullopt;
  return LocalDate(std::chrono::local_days(date));
}

std::optional<LocalDate> LocalDate::parse(std::string_view text) {
  DateTime parsed;
  std::size_t at = 0;
  if (!read_date(text, at, parsed) || at != text.size()) return std::nullopt;
  if (parsed.precision != DatePrecision::day) return std::nullopt;
  return parsed.date();
}

std::string LocalDate::text() const {
  const auto date = ymd();
  return padded(static_cast<int>(date.year()), 4) + "-" +
         padded(static_cast<unsigned>(date.month()), 2) + "-" +
         padded(static_cast<unsigned>(date.day()), 2);
}

LocalDate LocalDate::week_start(std::chrono::weekday start) const {
  return LocalDate(days_ - (weekday() - start));
}

std::optional<DateTime> DateTime::parse(std::string_view text) {
  DateTime parsed;
  std::size_t at = 0;
  if (!read_date(text, at, parsed)) return std::nullopt;
  if (at == text.size()) return parsed;
  if (parsed.precision != DatePrecision::day || !step_over(text, at, 'T') ||
      !read_time(text, at, parsed)) {
    return std::nullopt;
  }
  if (at == text.size()) return parsed;
  parsed.offset_minutes = offset_of(text.substr(at));
  if (!parsed.offset_minutes) return std::nullopt;
  return parsed;
}

std::optional<LocalDate> DateTime::date() const {
  return LocalDate::from(year, month, day);
}

std::optional<Instant> DateTime::instant() const {
  const auto on = date();
  if (!on || !offset_minutes) return std::nullopt;
  return Instant(on->days().time_since_epoch() + std::chrono::hours(hour) +
                 std::chrono::minutes(minute - *offset_minutes) +
                 std::chrono::seconds(second) +
                 std::chrono::microseconds(microsecond));
}

std::string utc_text(Instant instant) { return wall_text(instant) + "Z"; }

std::string offset_text(Instant instant, std::chrono::minutes offset) {
  const auto minutes = offset.count();
  const auto size = minutes < 0 ? -minutes : minutes;
  return wall_text(instant + offset) + (minutes < 0 ? "-" : "+") +
         padded(size / 60, 2) + ":" + padded(size % 60, 2);
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto parsed = DateTime::parse(text);
  return parsed ? parsed->instant() : std::nullopt;
}

}  // namespace gateway
