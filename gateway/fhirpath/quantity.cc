#include "fhirpath/quantity.h"

#include <algorithm>

#include "fhirpath/ucum.h"

namespace gateway::fhirpath {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

TimeUnit calendar_of(const Quantity& quantity) {
  return quantity.calendar != TimeUnit::none ? quantity.calendar
                                             : calendar_unit(quantity.unit);
}

bool in_months(TimeUnit unit) {
  return unit == TimeUnit::year || unit == TimeUnit::month;
}

// The UCUM code that stands for a calendar unit where they are equivalent.
std::string_view ucum_code(const Quantity& quantity) {
  switch (calendar_of(quantity)) {
    case TimeUnit::none:
      return quantity.unit;
    case TimeUnit::year:
      return "a";
    case TimeUnit::month:
      return "mo";
    case TimeUnit::week:
      return "wk";
    case TimeUnit::day:
      return "d";
    case TimeUnit::hour:
      return "h";
    case TimeUnit::minute:
      return "min";
    case TimeUnit::second:
      return "s";
    case TimeUnit::millisecond:
      return "ms";
  }
  return quantity.unit;
}

std::optional<UnitSize> size_of(const Quantity& quantity) {
  return unit_size(ucum_code(quantity));
}

Order order_of(std::strong_ordering order) {
  if (order < 0) return Order::less;
  return order > 0 ? Order::greater : Order::equal;
}

Order compare_months(const Quantity& left, const Quantity& right) {
  const auto months = [](const Quantity& quantity) {
    return quantity.value.times(
        calendar_of(quantity) == TimeUnit::year ? Decimal(12) : Decimal(1));
  };
  const auto a = months(left);
  const auto b = months(right);
  return a && b ? order_of(*a <=> *b) : Order::unknown;
}

// `from`, in the unit of `to`.
std::optional<Decimal> in_unit_of(const Quantity& from, const Quantity& to) {
  const auto from_size = size_of(from);
  const auto to_size = size_of(to);
  if (!from_size || !to_size) return std::nullopt;
  constexpr int kPlaces = 12;
  const auto made = converted(from.value, *from_size, *to_size, kPlaces);
  return made ? std::optional(made->normalized()) : std::nullopt;
}

// Places behind the point that mean something.
int places(const Decimal& value) { return value.normalized().scale(); }

}  // namespace

std::optional<Quantity> parse_quantity(std::string_view text) {
  text = trimmed(text);
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  while (at < text.size() &&
         ((text[at] >= '0' && text[at] <= '9') || text[at] == '.')) {
    ++at;
  }
  auto number = text.substr(0, at);
  if (number.starts_with('+')) number.remove_prefix(1);
  const auto value = Decimal::parse(number);
  if (!value) return std::nullopt;
  const auto unit = trimmed(text.substr(at));
  if (unit.empty()) return Quantity{*value, "1"};
  if (unit.size() > 2 && unit.front() == '\'' && unit.back() == '\'') {
    const auto code = unit.substr(1, unit.size() - 2);
    if (code.find('\'') != std::string_view::npos) return std::nullopt;
    return Quantity{*value, code};
  }
  const auto calendar = calendar_unit(unit);
  if (calendar == TimeUnit::none) return std::nullopt;
  return Quantity{*value, unit, calendar};
}

std::string text_of(const Quantity& quantity) {
  std::string out = quantity.value.text();
  out += ' ';
  if (quantity.calendar != TimeUnit::none) return out.append(quantity.unit);
  out += '\'';
  out.append(quantity.unit);
  return out += '\'';
}

Order compare(const Quantity& left, const Quantity& right) {
  const auto a = calendar_of(left);
  const auto b = calendar_of(right);
  if (in_months(a) && in_months(b)) return compare_months(left, right);
  if (in_months(a) || in_months(b)) return Order::unknown;
  if (ucum_code(left) == ucum_code(right)) {
    return order_of(left.value <=> right.value);
  }
  const auto left_size = size_of(left);
  const auto right_size = size_of(right);
  if (!left_size || !right_size) return Order::unknown;
  const auto order =
      compare_sizes(left.value, *left_size, right.value, *right_size);
  return order ? order_of(*order) : Order::unknown;
}

Truth equal(const Quantity& left, const Quantity& right) {
  switch (compare(left, right)) {
    case Order::equal:
      return Truth::yes;
    case Order::unknown:
      return Truth::unknown;
    case Order::less:
    case Order::greater:
      break;
  }
  return Truth::no;
}

Truth equivalent(const Quantity& left, const Quantity& right) {
  if (ucum_code(left) == ucum_code(right)) {
    return equivalent(left.value, right.value) ? Truth::yes : Truth::no;
  }
  const auto left_size = size_of(left);
  const auto right_size = size_of(right);
  if (!left_size || !right_size || !left_size->comparable(*right_size)) {
    return Truth::no;
  }
  // The coarser of the two last places decides.
  const Decimal left_last(1, places(left.value));
  const Decimal right_last(1, places(right.value));
  const auto order =
      compare_sizes(left_last, *left_size, right_last, *right_size);
  if (!order) return Truth::no;
  const bool left_coarse = *order >= 0;
  const auto& coarse = left_coarse ? left : right;
  const auto rounded =
      converted(left_coarse ? right.value : left.value,
                left_coarse ? *right_size : *left_size,
                left_coarse ? *left_size : *right_size, places(coarse.value));
  return rounded && *rounded == coarse.value ? Truth::yes : Truth::no;
}

bool comparable(const Quantity& left, const Quantity& right) {
  if (ucum_code(left) == ucum_code(right)) return true;
  const auto left_size = size_of(left);
  const auto right_size = size_of(right);
  return left_size && right_size && left_size->comparable(*right_size);
}

bool equivalent(const Decimal& left, const Decimal& right) {
  const int scale = std::min(places(left), places(right));
  const auto a = left.rounded(scale);
  const auto b = right.rounded(scale);
  return a && b && *a == *b;
}

bool is_finer(const Quantity& left, const Quantity& right) {
  if (ucum_code(left) == ucum_code(right)) return false;
  const auto left_size = size_of(left);
  const auto right_size = size_of(right);
  if (!left_size || !right_size) return false;
  const auto order = compare_sizes(1, *left_size, 1, *right_size);
  return order && *order < 0;
}

std::optional<Decimal> sum(const Quantity& left, const Quantity& right) {
  if (ucum_code(left) == ucum_code(right)) return left.value.plus(right.value);
  const bool to_right = is_finer(right, left);
  const auto& fine = to_right ? right : left;
  const auto& coarse = to_right ? left : right;
  const auto other = in_unit_of(coarse, fine);
  return other ? fine.value.plus(*other) : std::nullopt;
}

std::optional<Decimal> difference(const Quantity& left, const Quantity& right) {
  return sum(left, {right.value.negated(), right.unit, right.calendar});
}

std::optional<Quantity> converted(const Quantity& from, std::string_view unit) {
  if (from.unit == unit) return from;
  const Quantity target{1, unit, calendar_unit(unit)};
  // A calendar year or month has no fixed length, a UCUM one has.
  if (in_months(from.calendar) != in_months(target.calendar)) {
    return std::nullopt;
  }
  const auto value = in_unit_of(from, target);
  if (!value) return std::nullopt;
  return Quantity{*value, unit, target.calendar};
}

std::string product_unit(std::string_view left, std::string_view right) {
  if (left == "1") return std::string(right);
  if (right == "1") return std::string(left);
  const bool simple =
      left.find_first_of("./({0123456789") == std::string_view::npos;
  if (left == right && simple) return std::string(left) + "2";
  std::string out(left);
  out += '.';
  const bool compound = right.find('/') != std::string_view::npos;
  return compound ? out + "(" + std::string(right) + ")" : out.append(right);
}

std::string quotient_unit(std::string_view left, std::string_view right) {
  if (right == "1") return std::string(left);
  if (left == right) return "1";
  std::string out(left == "1" ? std::string_view() : left);
  out += '/';
  const bool compound = right.find_first_of("./") != std::string_view::npos;
  return compound ? out + "(" + std::string(right) + ")" : out.append(right);
}

TimeUnit time_unit(const Quantity& quantity) {
  const auto calendar = calendar_of(quantity);
  if (calendar != TimeUnit::none) return calendar;
  struct Code {
    std::string_view code;
    TimeUnit unit;
  };
  constexpr std::array<Code, 6> kCodes{{{"wk", TimeUnit::week},
                                        {"d", TimeUnit::day},
                                        {"h", TimeUnit::hour},
                                        {"min", TimeUnit::minute},
                                        {"s", TimeUnit::second},
                                        {"ms", TimeUnit::millisecond}}};
  for (const auto& known : kCodes) {
    if (known.code == quantity.unit) return known.unit;
  }
  return TimeUnit::none;
}

}  // namespace gateway::fhirpath
