#include "fhirpath/temporal.h"

#include <algorithm>
#include <array>
#include <chrono>

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

bool read_clock(Digits& in, Temporal& out) {
  if (!read_field(in, out.hour, 23, DatePrecision::hour, out)) return false;
  if (!in.accept(':')) return true;
  if (!read_field(in, out.minute, 59, DatePrecision::minute, out)) return false;
  if (!in.accept(':')) return true;
  // 60 is a leap second in FHIR; it counts as the last second.
  if (!read_field(in, out.second, 60, DatePrecision::second, out)) return false;
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

std::int64_t days_of(const Temporal& value) {
  const std::chrono::local_days days(std::chrono::year_month_day(
      std::chrono::year(value.year), std::chrono::month(value.month),
      std::chrono::day(value.day)));
  return days.time_since_epoch().count();
}

// Seconds of the local clock since 1970-01-01.
std::int64_t seconds_of(const Temporal& value) {
  return days_of(value) * 86'400 + value.hour * 3'600 + value.minute * 60 +
         value.second;
}

bool set_days(Temporal& value, std::int64_t days) {
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

// `local` has no offset, so it is some instant of a span of 26 hours.
Order compare_without_offset(const Temporal& local, const Temporal& zoned) {
  constexpr std::int64_t kHour = 3'600;
  const auto at = seconds_of(in_utc(zoned));
  const auto written = seconds_of(local);
  if (written + 12 * kHour + kHour < at) return Order::less;
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

std::optional<Temporal> parse_date_time(std::string_view text) {
  Digits in(text);
  Temporal value;
  if (!read_day(in, value)) return std::nullopt;
  if (!in.accept('T') || in.done()) {
    return in.done() ? std::optional(value) : std::nullopt;
  }
  if (value.precision != DatePrecision::day || !read_clock(in, value) ||
      !read_offset(in, value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<Temporal> parse_time(std::string_view text) {
  Digits in(text);
  Temporal value;
  if (!read_clock(in, value) || !in.done()) return std::nullopt;
  return value;
}

std::optional<Temporal> parse_temporal(TemporalKind kind,
                                       std::string_view text) {
  switch (kind) {
    case TemporalKind::date:
      return parse_date(text);
    case TemporalKind::date_time:
      return parse_date_time(text);
    case TemporalKind::time:
      return parse_time(text);
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
  const bool clocks = left.precision >= DatePrecision::hour &&
                      right.precision >= DatePrecision::hour;
  if (!clocks || left.has_offset == right.has_offset) {
    if (clocks && left.has_offset && left.offset != right.offset) {
      return compare_fields(in_utc(left), in_utc(right));
    }
    return compare_fields(left, right);
  }
  return left.has_offset ? reversed(compare_without_offset(right, left))
                         : compare_without_offset(left, right);
}

bool equivalent(const Temporal& left, const Temporal& right) {
  return compare(left, right) == Order::equal;
}

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

void raise_to_high(Temporal& value, DatePrecision from) {
  if (from < DatePrecision::month) value.month = 12;
  if (from < DatePrecision::day) {
    const std::chrono::year_month_day_last last(
        std::chrono::year(value.year),
        std::chrono::month_day_last(std::chrono::month(value.month)));
    value.day = static_cast<std::uint8_t>(static_cast<unsigned>(last.day()));
  }
  if (from < DatePrecision::hour) value.hour = 23;
  // FHIR writes no hour without minutes (R4 dateTime), so an hour alone
  // stands for its first minute.
  if (from < DatePrecision::hour) value.minute = 59;
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
  if (bound == Bound::high) raise_to_high(out, value.precision);
  if (kind == TemporalKind::date_time && !out.has_offset) {
    // The earliest local midnight is UTC+14, the last one UTC-12.
    out.has_offset = true;
    out.offset = bound == Bound::low ? 14 * 60 : -12 * 60;
  }
  cut_to(out, *precision);
  return out;
}

}  // namespace gateway::fhirpath
