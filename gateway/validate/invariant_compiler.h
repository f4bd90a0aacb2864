// Compiles the invariants of an image once while it is made, so that one that
// can never be evaluated is reported there and not with each resource.

#pragma once

#include "fhir/definitions.h"
#include "fhir/outcome.h"

namespace gateway::validate {

// Adds a finding for each expression of `definitions` that is no FHIRPath; not
// for those of its base.
void check_invariants(const fhir::Definitions& definitions,
                      fhir::Outcome& outcome);

}  // namespace gateway::validate
