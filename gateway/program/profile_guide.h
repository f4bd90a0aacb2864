// ProfileGuide writes what the profiles and the own rules of this gateway
// demand, for the partner guide: from the definitions alone.

#pragma once

#include <string>
#include <string_view>

#include "fhir/definitions.h"

namespace gateway::program {

// Markdown: each profile of a resource below `base`, with the elements that
// it requires or binds to codes of ours, and its invariants.
std::string profiles_markdown(const fhir::Definitions& definitions,
                              std::string_view base);

// Markdown: the codes of CodeSystem/rule that are rows of no pack.
std::string own_rules_markdown(const fhir::Definitions& definitions,
                               std::string_view base);

}  // namespace gateway::program
