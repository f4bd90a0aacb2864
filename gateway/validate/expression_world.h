// What the definitions let expressions ask, outside a validation too:
// memberOf(), conformsTo() and htmlChecks().

#pragma once

#include <optional>
#include <string_view>

#include "fhir/definitions.h"
#include "fhirpath/expression.h"
#include "validate/validator.h"

namespace gateway::validate {

// Whether a code, a Coding or a CodeableConcept is in the value set; nothing
// if the value set is not loaded, or its codes are not held here.
std::optional<bool> is_member(const fhir::Definitions& definitions,
                              const fhirpath::Value& value,
                              std::string_view url);

// An environment with these three. REQUIRES: the validator outlives it.
fhirpath::Environment expression_world(const Validator& validator);

}  // namespace gateway::validate
