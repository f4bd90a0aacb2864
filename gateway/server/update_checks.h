// UpdateChecks say what updates of HL7 v2 may not make of what is stored:
// something that is not valid, or what it was before a later message. Pure but
// for the log, which knows when a message came.

#pragma once

#include <optional>
#include <vector>

#include "server/amendment.h"
#include "server/resolution.h"
#include "store/store.h"
#include "validate/intake.h"

namespace gateway::server {

// Who completes the Task of a parked message by hand would lose the message.
std::optional<exchange::Refusal> unfit_task(
    const exchange::WriteRequest& request, const Resolved& resolved);

// What was valid before and what is valid as sent may not go together.
std::optional<exchange::Refusal> unfit_update(
    const std::vector<Amendment>& amendments, const Resolved& resolved,
    const validate::Intake& intake, Instant now);

// A message that came first as `said` (0: now) is older than what came since,
// whether it waited or is replayed. What it says of an order, slot or session
// that a later message wrote refuses it; what it says of anything else is left
// out, and told.
// REQUIRES: the lanes of all cases are held.
Result<std::optional<exchange::Refusal>> overtaken(
    const exchange::WriteRequest& request, store::Sequence said,
    store::Store& store, Resolved& resolved);

}  // namespace gateway::server
