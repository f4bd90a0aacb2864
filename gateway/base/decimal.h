// Decimal is an exact decimal number that remembers its scale: 1.10 is not
// written as 1.1. Money, quantities and FHIR decimals use nothing else.

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

__extension__ using Int128 = __int128;

class Decimal {
 public:
  constexpr Decimal() = default;                                  // 0
  constexpr Decimal(std::int64_t value) : coefficient_(value) {}  // NOLINT
  // coefficient / 10^scale. REQUIRES: 0 <= scale <= kMostDigits.
  constexpr Decimal(Int128 coefficient, int scale)
      : coefficient_(coefficient), scale_(scale) {}

  static constexpr int kMostDigits = 38;

  // JSON and FHIR syntax: -?digits(.digits)?([eE][+-]?digits)?. Nothing for
  // other texts and for numbers of more than 38 digits.
  static std::optional<Decimal> parse(std::string_view text);

  // With exactly `scale()` places behind the point.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] Int128 coefficient() const { return coefficient_; }
  [[nodiscard]] int scale() const { return scale_; }
  [[nodiscard]] bool is_zero() const { return coefficient_ == 0; }
  [[nodiscard]] bool is_negative() const { return coefficient_ < 0; }
  [[nodiscard]] bool is_integer() const;
  // The integer part, if it fits.
  [[nodiscard]] std::optional<std::int64_t> truncated() const;

  // Exact. Nothing on overflow of 38 digits.
  [[nodiscard]] std::optional<Decimal> plus(const Decimal& other) const;
  [[nodiscard]] std::optional<Decimal> minus(const Decimal& other) const;
  [[nodiscard]] std::optional<Decimal> times(const Decimal& other) const;
  // To `scale` places, halves away from zero. Nothing when dividing by zero.
  [[nodiscard]] std::optional<Decimal> divided_by(const Decimal& other,
                                                  int scale) const;
  // To `scale` places, halves away from zero; pads with zeros if it has fewer.
  [[nodiscard]] std::optional<Decimal> rounded(int scale) const;
  // Without trailing zeros behind the point.
  [[nodiscard]] Decimal normalized() const;
  [[nodiscard]] Decimal negated() const { return {-coefficient_, scale_}; }

  // By value: 1.10 equals 1.1.
  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const {
    return (*this <=> other) == std::strong_ordering::equal;
  }

 private:
  Int128 coefficient_ = 0;
  int scale_ = 0;
};

}  // namespace gateway
