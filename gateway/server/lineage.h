// Lineage leads from a stored resource back to the HL7 v2 message that it was
// mapped from: to fields and their bytes. Nothing of it is stored: the message
// and the hash of its maps are, and mapping is a pure function of both.

#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "server/pipeline.h"

namespace gateway::server {

// Parameters (as $explain answers them) with a `lineage` for each `input` that
// came as HL7 v2: `input`, `message` (its id in the log), `controlId`, `map`,
// and per element a `value` {`element`, `field`, `begin`, `end`, `line`}: bytes
// of the message, and the line of the map. Where the maps of that time (`map`)
// are loaded no more, `mapNow` says which are, and the values are those that
// they make as they are stored. What a change left as it was has a `lineage` of
// its own, with the message that said it. Where the message was pruned,
// `pruned` says when.
std::string with_lineage(const std::string& parameters,
                         const std::string& owner, const Parts& parts);

// A parameter's part with a text; nothing where the text is empty.
void write_text(JsonWriter& out, std::string_view name, std::string_view value);
// Parameters with the members of an array behind their own.
std::string with_parameters(const std::string& parameters,
                            std::string_view added);

}  // namespace gateway::server
