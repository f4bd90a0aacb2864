// Compares a value with a literal of a definition: fixed[x], pattern[x].

#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"
#include "fhir/definitions.h"

namespace gateway::fhir {

// The same members with the same values, in any order.
bool equals_literal(const Definitions& definitions, Json value,
                    std::uint32_t literal);
// All that the literal says holds; more may be there. An item of an array in
// the literal must match one item of the value.
bool matches_literal(const Definitions& definitions, Json value,
                     std::uint32_t literal);
// As compact JSON, for people.
std::string literal_text(const Definitions& definitions, std::uint32_t literal);

}  // namespace gateway::fhir
