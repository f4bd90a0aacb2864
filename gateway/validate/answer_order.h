// How answers compare with the bounds and patterns of their questions.

#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "base/json.h"

namespace gateway::validate {

// Dates compare as texts: 2022-06-30 is beyond 2022-06. Quantities without a
// common unit cannot be compared.
std::optional<std::strong_ordering> compare_answers(Json value, Json bound);

// The whole text matches; a pattern that cannot be read is matched by all.
bool matches_pattern(std::string_view text, std::string_view pattern);

}  // namespace gateway::validate
