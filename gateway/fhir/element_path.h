// Where a node of a resource lies, as FHIRPath that leads to it.

#pragma once

#include <string>

#include "base/json.h"
#include "fhir/definitions.h"

namespace gateway::fhir {

// "Observation.value.ofType(Quantity).unit", "Patient.name[0].given[1]":
// choices carry their type, items of arrays their index. The members of a
// primitive ("_birthDate") stand under it. What the definitions do not know is
// named as it is written.
std::string element_path(const Definitions& definitions, Json node);

}  // namespace gateway::fhir
