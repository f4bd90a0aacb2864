#include "base/decimal.h"

#include <algorithm>

namespace gateway {
namespace {

constexpr Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

constexpr Int128 kLimit = power_of_ten(Decimal::kMostDigits);

std::optional<Int128> product(Int128 a, Int128 b) {
  Int128 result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  if (result >= kLimit || result <= -kLimit) return std::nullopt;
  return result;
}

// The coefficient that `value` has at `scale`, which is not less than its own.
std::optional<Int128> raised(const Decimal& value, int scale) {
  const int by = scale - value.scale();
  if (value.is_zero()) return 0;
  if (by > Decimal::kMostDigits) return std::nullopt;
  return product(value.coefficient(), power_of_ten(by));
}

// Halves away from zero.
Int128 divided(Int128 dividend, Int128 divisor) {
  const Int128 quotient = dividend / divisor;
  const Int128 rest = dividend % divisor;
  const Int128 size = rest < 0 ? -rest : rest;
  const Int128 whole = divisor < 0 ? -divisor : divisor;
  if (size < whole - size) return quotient;
  return (dividend < 0) == (divisor < 0) ? quotient + 1 : quotient - 1;
}

// Reads the digits at `at`, and says how many there were.
struct Digits {
  Int128 value = 0;
  int count = 0;
  bool too_many = false;
};
Digits read_digits(std::string_view text, std::size_t& at, Int128 start) {
  Digits digits{.value = start};
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    ++digits.count;
    if (digits.value >= kLimit / 10) {
      digits.too_many = true;
    } else {
      digits.value = digits.value * 10 + (text[at] - '0');
    }
  }
  return digits;
}

// [eE][+-]?digits, or nothing for other texts. Absent counts as 0.
std::optional<int> read_exponent(std::string_view text) {
  if (text.empty()) return 0;
  std::size_t at = 1;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  const bool minus = at < text.size() && text[at] == '-';
  if (minus || (at < text.size() && text[at] == '+')) ++at;
  const auto digits = read_digits(text, at, 0);
  if (digits.count == 0 || at != text.size() || digits.value > 1000) {
    return std::nullopt;
  }
  const int exponent = static_cast<int>(digits.value);
  return minus ? -exponent : exponent;
}

std::optional<Decimal> shifted(Int128 coefficient, int scale, int exponent) {
  scale -= exponent;
  if (scale > Decimal::kMostDigits) return std::nullopt;
  if (scale >= 0) return Decimal(coefficient, scale);
  if (coefficient == 0) return Decimal();
  if (-scale > Decimal::kMostDigits) return std::nullopt;
  const auto value = product(coefficient, power_of_ten(-scale));
  if (!value) return std::nullopt;
  return Decimal(*value, 0);
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool minus = !text.empty() && text.front() == '-';
  std::size_t at = minus ? 1 : 0;
  auto digits = read_digits(text, at, 0);
  if (digits.count == 0 || digits.too_many) return std::nullopt;
  int scale = 0;
  if (at < text.size() && text[at] == '.') {
    digits = read_digits(text, ++at, digits.value);
    if (digits.count == 0 || digits.too_many) return std::nullopt;
    scale = digits.count;
  }
  const auto exponent = read_exponent(text.substr(at));
  if (!exponent) return std::nullopt;
  return shifted(minus ? -digits.value : digits.value, scale, *exponent);
}

std::string Decimal::text() const {
  Int128 rest = coefficient_ < 0 ? -coefficient_ : coefficient_;
  std::string reversed;
  for (int place = 0; rest > 0 || place <= scale_; ++place) {
    if (place == scale_ && scale_ > 0) reversed += '.';
    reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (coefficient_ < 0) reversed += '-';
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

bool Decimal::is_integer() const { return normalized().scale_ == 0; }

std::optional<std::int64_t> Decimal::truncated() const {
  const Int128 whole = coefficient_ / power_of_ten(scale_);
  const auto narrow = static_cast<std::int64_t>(whole);
  if (narrow != whole) return std::nullopt;
  return narrow;
}

std::optional<Decimal> Decimal::plus(const Decimal& other) const {
  const int scale = std::max(scale_, other.scale_);
  const auto a = raised(*this, scale);
  const auto b = raised(other, scale);
  if (!a || !b) return std::nullopt;
  const Int128 sum = *a + *b;
  if (sum >= kLimit || sum <= -kLimit) return std::nullopt;
  return Decimal(sum, scale);
}

std::optional<Decimal> Decimal::minus(const Decimal& other) const {
  return plus(other.negated());
}

std::optional<Decimal> Decimal::times(const Decimal& other) const {
  const auto value = product(coefficient_, other.coefficient_);
  const int scale = scale_ + other.scale_;
  if (!value || scale > kMostDigits) return std::nullopt;
  return Decimal(*value, scale);
}

std::optional<Decimal> Decimal::divided_by(const Decimal& other,
                                           int scale) const {
  if (other.is_zero()) return std::nullopt;
  const int shift = scale + other.scale_ - scale_;
  if (shift > kMostDigits || shift < -kMostDigits) return std::nullopt;
  const auto up = shift > 0 ? product(coefficient_, power_of_ten(shift))
                            : std::optional(coefficient_);
  const auto down = shift < 0
                        ? product(other.coefficient_, power_of_ten(-shift))
                        : std::optional(other.coefficient_);
  if (!up || !down) return std::nullopt;
  return Decimal(divided(*up, *down), scale);
}

std::optional<Decimal> Decimal::rounded(int scale) const {
  if (scale >= scale_) {
    const auto value = raised(*this, scale);
    if (!value) return std::nullopt;
    return Decimal(*value, scale);
  }
  return Decimal(divided(coefficient_, power_of_ten(scale_ - scale)), scale);
}

Decimal Decimal::normalized() const {
  Decimal result = *this;
  while (result.scale_ > 0 && result.coefficient_ % 10 == 0) {
    result.coefficient_ /= 10;
    --result.scale_;
  }
  return result;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  const auto order = [](Int128 a, Int128 b) {
    return a < b   ? std::strong_ordering::less
           : a > b ? std::strong_ordering::greater
                   : std::strong_ordering::equal;
  };
  // Compared by integer part first, so that no shift can overflow.
  const Int128 mine = power_of_ten(scale_);
  const Int128 theirs = power_of_ten(other.scale_);
  const auto whole = order(coefficient_ / mine, other.coefficient_ / theirs);
  if (whole != 0) return whole;
  const int scale = std::max(scale_, other.scale_);
  return order(
      coefficient_ % mine * power_of_ten(scale - scale_),
      other.coefficient_ % theirs * power_of_ten(scale - other.scale_));
}

}  // namespace gateway
