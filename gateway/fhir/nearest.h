// "Did you mean": the candidate that a misspelt name is closest to.

#pragma once

#include <span>
#include <string_view>

namespace gateway::fhir {

// Empty if none is close: within a third of the name's length, by insertions,
// deletions, replacements and swaps of neighbours; case counts little.
std::string_view nearest(std::string_view name,
                         std::span<const std::string_view> candidates);

}  // namespace gateway::fhir
