// A period that ends before it starts is a slip of the sender's clock or form:
// it is refused by a rule of its own, `time/negative`, wherever it stands.

#pragma once

#include "base/json.h"
#include "fhir/outcome.h"

namespace gateway::validate {

// One finding for each object of `document` whose `end` lies before its
// `start`. Ends that are only dates count as whole days.
fhir::Outcome negative_periods(const JsonDocument& document);

}  // namespace gateway::validate
