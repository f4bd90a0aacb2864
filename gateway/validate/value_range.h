// Orders values against the bounds minValue[x] and maxValue[x].

#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/date.h"
#include "base/json.h"
#include "fhir/definitions.h"

namespace gateway::validate {

// Nothing where the two cannot be compared. Quantities are compared in their
// units, dates as far as both are precise.
std::optional<std::strong_ordering> compare_to_literal(
    const fhir::Definitions& definitions, Json value, std::uint32_t literal);
// A date against a bound that is a duration, counted from `today`: backwards
// for a least value, forwards for a greatest.
std::optional<std::strong_ordering> compare_to_duration(
    const fhir::Definitions& definitions, Json value, std::uint32_t literal,
    LocalDate today, int direction);
// The same for a bound that is JSON itself.
std::optional<std::strong_ordering> compare_values(Json value, Json bound);

// Characters of UTF-8, as maxLength counts them.
std::size_t code_points(std::string_view text);

}  // namespace gateway::validate
