// Time rules: an instant is a point in time, so it needs its offset, and a
// period does not end before it begins. Nothing else can be trusted to turn
// such data into minutes.

#pragma once

#include "base/json.h"
#include "fhir/outcome.h"

namespace gateway::episode {

// Findings time/no-offset and time/negative, each with its place, anywhere in
// the resource.
fhir::Outcome time_findings(Json resource);

}  // namespace gateway::episode
