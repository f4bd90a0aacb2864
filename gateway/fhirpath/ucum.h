// UCUM units that occur in health records of this trade, as exact sizes.
//
// A unit is a factor times powers of base units; two units are comparable if
// the powers are equal. Factors are exact decimals with a divisor, so that no
// conversion rounds. Source of the sizes: The Unified Code for Units of
// Measure 2.1 (https://ucum.org/ucum), tables 1 to 22. Temperatures with an
// offset (Cel, [degF]) and arbitrary units ([iU]) are dimensions of their own,
// and so is the mole, which UCUM counts as a pure number.

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/decimal.h"

namespace gateway::fhirpath {

constexpr std::size_t kBaseUnits = 12;

struct UnitSize {
  Decimal multiplier = 1;
  Decimal divisor = 1;
  int exponent = 0;  // of ten
  std::array<std::int8_t, kBaseUnits> powers{};

  [[nodiscard]] bool comparable(const UnitSize& other) const {
    return powers == other.powers;
  }
};

// The case-sensitive code, as "mg", "kg.m/s2", "10*3/uL", "{visits}". Nothing
// for codes that the table does not know.
std::optional<UnitSize> unit_size(std::string_view code);

// Compares `left` and `right` units. Nothing if they are not comparable or the
// numbers are beyond 38 digits.
std::optional<std::strong_ordering> compare_sizes(const Decimal& left,
                                                  const UnitSize& left_unit,
                                                  const Decimal& right,
                                                  const UnitSize& right_unit);

// `value` units `from`, in units `to`, rounded to `scale` places.
std::optional<Decimal> converted(const Decimal& value, const UnitSize& from,
                                 const UnitSize& to, int scale);

}  // namespace gateway::fhirpath
