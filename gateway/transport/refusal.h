// What the sender of a refused request reads: a small OperationOutcome that
// says what is wrong and what to do, and never repeats what was sent.

#pragma once

#include <string_view>

#include "transport/edge_rules.h"
#include "transport/http.h"

namespace gateway::transport {

// `base` is the canonical base of the gateway's own code systems.
Response refusal_response(const Refusal& refusal, std::string_view base);

// What a log may hold of a request line: method and path, without the query
// and without bytes that a terminal would act on. `bytes` may be anything.
std::string loggable_head(std::string_view bytes);

// For the log: the rule's text, and what was seen.
std::string reason(const Refusal& refusal);

}  // namespace gateway::transport
