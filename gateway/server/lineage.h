// Lineage leads from a stored resource back to the HL7 v2 message that it was
// mapped from: to fields and their bytes. Nothing of it is stored: the message
// and the hash of its maps are, and mapping is a pure function of both.

#pragma once

#include <string>

#include "server/pipeline.h"

namespace gateway::server {

// Parameters (as $explain answers them) with a `lineage` for each `input` that
// came as HL7 v2: `input`, `message` (its id in the log), `controlId`, `map`,
// and per element a `value` {`element`, `field`, `begin`, `end`}: bytes of the
// message. Where the maps of that time are loaded no more, `map` says which
// they were, and there are no values; where the message was pruned, `pruned`
// says when.
std::string with_lineage(const std::string& parameters,
                         const std::string& owner, const Parts& parts);

}  // namespace gateway::server
