// ProfileGuide writes what the profiles of this gateway demand, for the
// partner guide: from the definitions alone.

#pragma once

#include <string>
#include <string_view>

#include "fhir/definitions.h"

namespace gateway::program {

// Markdown: each profile of a resource below `base`, with the elements that
// it requires or binds to codes of ours.
std::string profiles_markdown(const fhir::Definitions& definitions,
                              std::string_view base);

}  // namespace gateway::program
