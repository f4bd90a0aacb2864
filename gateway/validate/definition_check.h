// Looks, while an image is made, for what definitions name and no package
// defines: types of elements and value sets of required bindings. It would be
// checked in no resource, and nobody would know.

#pragma once

#include <vector>

#include "base/json.h"
#include "fhir/definitions_writer.h"
#include "fhir/outcome.h"

namespace gateway::validate {

// Adds a warning for each; `structures` have snapshots, and all that there is
// is published in `writer`.
void check_definitions(const std::vector<Json>& structures,
                       fhir::DefinitionsWriter& writer, fhir::Outcome& outcome);

}  // namespace gateway::validate
