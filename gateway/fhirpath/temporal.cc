#include "fhirpath/temporal.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "fhirpath/calendar.h"

namespace gateway::fhirpath {
namespace {

// Reads fixed runs of digits from the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : rest_(text) {}

  // Exactly `count` digits.
  std::optional<int> number(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_[0]; }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool exists(const Temporal& value) {
  if (value.year < 1 || value.month < 1 || value.month > 12) return false;
  return std::chrono::year_month_day(std::chrono::year(value.year),
                                     std::chrono::month(value.month),
                                     std::chrono::day(value.day))
      .ok();
}

bool read_field(Digits& in, std::uint8_t& field, int most,
                DatePrecision precision, Temporal& out) {
  const auto number = in.number(2);
  if (!number || *number > most) return false;
  field = static_cast<std::uint8_t>(*number);
  out.precision = precision;
  return true;
}

bool read_day(Digits& in, Temporal& out) {
  const auto year = in.number(4);
  if (!year) return false;
  out.year = static_cast<std::int16_t>(*year);
  out.precision = DatePrecision::year;
  if (!in.accept('-')) return exists(out);
  if (!read_field(in, out.month, 12, DatePrecision::month, out)) return false;
  if (!in.accept('-')) return exists(out);
  if (!read_field(in, out.day, 31, DatePrecision::day, out)) return false;
  return exists(out);
}

bool read_fraction(Digits& in, Temporal& out) {
  if (!in.accept('.')) return true;
  std::uint32_t value = 0;
  int digits = 0;
  for (std::optional<int> digit; (digit = in.number(1)); ++digits) {
    if (digits < 9) value = value * 10 + static_cast<std::uint32_t>(*digit);
  }
  if (digits == 0) return false;
  out.fraction_digits = static_cast<std::uint8_t>(std::min(digits, 9));
  for (int i = out.fraction_digits; i < 9; ++i) value *= 10;
  out.nanosecond = value;
  out.precision = DatePrecision::fraction;
  return true;
}

bool read_clock(Digits& in, LeapSecond leap, Temporal& out) {
  if (!read_field(in, out.hour, 23, DatePrecision::hour, out)) return false;
  if (!in.accept(':')) return true;
  if (!read_field(in, out.minute, 59, DatePrecision::minute, out)) return false;
  if (!in.accept(':')) return true;
  const int last = leap == LeapSecond::as_the_last_second ? 60 : 59;
  if (!read_field(in, out.second, last, DatePrecision::second, out)) {
    return false;
  }
  out.second = std::min<std::uint8_t>(out.second, 59);
  return read_fraction(in, out);
}

bool read_offset(Digits& in, Temporal& out) {
  if (in.done()) return true;
  out.has_offset = true;
  if (in.accept('Z')) return in.done();
  const bool east = in.accept('+');
  if (!east && !in.accept('-')) return false;
  const auto hours = in.number(2);
  if (!hours || *hours > 14 || !in.accept(':')) return false;
  const auto minutes = in.number(2);
  if (!minutes || *minutes > 59) return false;
  const int offset = *hours * 60 + *minutes;
  out.offset = static_cast<std::int16_t>(east ? offset : -offset);
  return in.done();
}

void append(std::string& out, int value, int width) {
  char digits[8];
  for (int i = width; i-- > 0; value /= 10) {
    digits[i] = static_cast<char>('0' + value % 10);
  }
  out.append(digits, static_cast<std::size_t>(width));
}

void append_day(std::string& out, const Temporal& value) {
  append(out, value.year, 4);
  if (value.precision < DatePrecision::month) return;
  out += '-';
  append(out, value.month, 2);
  if (value.precision < DatePrecision::day) return;
  out += '-';
  append(out, value.day, 2);
}

void append_clock(std::string& out, const Temporal& value) {
  append(out, value.hour, 2);
  if (value.precision < DatePrecision::minute) return;
  out += ':';
  append(out, value.minute, 2);
  if (value.precision < DatePrecision::second) return;
  out += ':';
  append(out, value.second, 2);
  if (value.precision < DatePrecision::fraction) return;
  out += '.';
  std::uint32_t fraction = value.nanosecond;
  for (int i = value.fraction_digits; i < 9; ++i) fraction /= 10;
  char digits[9];
  for (int i = value.fraction_digits; i-- > 0; fraction /= 10) {
    digits[i] = static_cast<char>('0' + fraction % 10);
  }
  out.append(digits, value.fraction_digits);
}

void append_offset(std::string& out, const Temporal& value) {
  if (!value.has_offset) return;
  if (value.offset == 0) {
    out += 'Z';
    return;
  }
  const int minutes = value.offset < 0 ? -value.offset : value.offset;
  out += value.offset < 0 ? '-' : '+';
  append(out, minutes / 60, 2);
  out += ':';
  append(out, minutes % 60, 2);
}

// Seconds of the local clock since 1970-01-01.
std::int64_t seconds_of(const Temporal& value) {
  return days_of(value) * 86'400 + value.hour * 3'600 + value.minute * 60 +
         value.second;
}

Temporal in_utc(const Temporal& value) {
  Temporal utc = value;
  if (value.offset == 0) return utc;
  const auto seconds =
      seconds_of(value) - static_cast<std::int64_t>(value.offset) * 60;
  const auto days = (seconds >= 0 ? seconds : seconds - 86'399) / 86'400;
  const auto rest = seconds - days * 86'400;
  if (!set_days(utc, days)) return value;
  utc.hour = static_cast<std::uint8_t>(rest / 3'600);
  utc.minute = static_cast<std::uint8_t>(rest / 60 % 60);
  utc.second = static_cast<std::uint8_t>(rest % 60);
  utc.offset = 0;
  return utc;
}

template <typename T>
Order order_of(T left, T right) {
  if (left < right) return Order::less;
  return right < left ? Order::greater : Order::equal;
}

// Fields from the year down; unknown where one side ends before a difference.
// Seconds and their fractions are one precision (FHIRPath 2.0, 6.1.1).
Order compare_fields(const Temporal& left, const Temporal& right) {
  const auto level = [](const Temporal& value) {
    return std::min(static_cast<int>(value.precision),
                    static_cast<int>(DatePrecision::second));
  };
  const std::array<std::array<int, 2>, 6> fields{{{left.year, right.year},
                                                  {left.month, right.month},
                                                  {left.day, right.day},
                                                  {left.hour, right.hour},
                                                  {left.minute, right.minute},
                                                  {left.second, right.second}}};
  const int common = std::min(level(left), level(right));
  for (int i = 0; i <= common; ++i) {
    const auto& pair = fields[static_cast<std::size_t>(i)];
    if (pair[0] != pair[1]) return order_of(pair[0], pair[1]);
  }
  if (level(left) != level(right)) return Order::unknown;
  return order_of(left.nanosecond, right.nanosecond);
}

constexpr std::int64_t kHour = 3'600;

// What the precision of a value without an offset leaves open, in seconds.
std::int64_t open_seconds(const Temporal& value) {
  if (value.precision >= DatePrecision::hour) return kHour;
  if (value.precision == DatePrecision::day) return 24 * kHour;
  Temporal next = value;
  next.month = value.precision == DatePrecision::month
                   ? static_cast<std::uint8_t>(value.month + 1)
                   : 13;
  if (next.month == 13) {
    next.month = 1;
    ++next.year;
  }
  return seconds_of(next) - seconds_of(value);
}

// `local` has no offset, so it is some instant of a span of 26 hours and of
// what its own precision leaves open.
Order compare_without_offset(const Temporal& local, const Temporal& zoned) {
  const auto at = seconds_of(in_utc(zoned));
  const auto written = seconds_of(local);
  if (written + 12 * kHour + open_seconds(local) <= at) return Order::less;
  if (written - 14 * kHour - kHour > at) return Order::greater;
  return Order::unknown;
}

Order reversed(Order order) {
  if (order == Order::less) return Order::greater;
  return order == Order::greater ? Order::less : order;
}

}  // namespace

std::optional<Temporal> parse_date(std::string_view text) {
  Digits in(text);
  Temporal value;
  if (!read_day(in, value) || !in.done()) return std::nullopt;
  return value;
}

std::optional<Temporal> parse_date_time(std::string_view text,
                                        LeapSecond leap) {
  Digits in(text);
  Temporal value;
  if (!read_day(in, value)) return std::nullopt;
  if (!in.accept('T') || in.done()) {
    return in.done() ? std::optional(value) : std::nullopt;
  }
  if (value.precision != DatePrecision::day || !read_clock(in, leap, value) ||
      !read_offset(in, value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<Temporal> parse_time(std::string_view text, LeapSecond leap) {
  Digits in(text);
  Temporal value;
  if (!read_clock(in, leap, value) || !in.done()) return std::nullopt;
  return value;
}

std::optional<Temporal> parse_temporal(TemporalKind kind, std::string_view text,
                                       LeapSecond leap) {
  switch (kind) {
    case TemporalKind::date:
      return parse_date(text);
    case TemporalKind::date_time:
      return parse_date_time(text, leap);
    case TemporalKind::time:
      return parse_time(text, leap);
  }
  return std::nullopt;
}

std::string text_of(TemporalKind kind, const Temporal& value) {
  std::string out;
  if (kind == TemporalKind::time) {
    append_clock(out, value);
    return out;
  }
  append_day(out, value);
  if (value.precision >= DatePrecision::hour) {
    out += 'T';
    append_clock(out, value);
    append_offset(out, value);
  }
  return out;
}

Order compare(const Temporal& left, const Temporal& right) {
  if (left.has_offset == right.has_offset) {
    if (left.offset != right.offset) {
      return compare_fields(in_utc(left), in_utc(right));
    }
    return compare_fields(left, right);
  }
  // A day has no offset; an instant that has one is on another day elsewhere.
  return left.has_offset ? reversed(compare_without_offset(right, left))
                         : compare_without_offset(left, right);
}

bool equivalent(const Temporal& left, const Temporal& right) {
  return compare(left, right) == Order::equal;
}

}  // namespace gateway::fhirpath
