// Screening refuses what may not go further: what the partner may not send,
// and what is not valid FHIR.

#pragma once

#include <optional>

#include "server/pipeline.h"

namespace gateway::server {

// Nothing if the request may go on: 403, or 422 with every defect of every
// resource, each with its place.
std::optional<exchange::Refusal> screened(
    const Parts& parts, const exchange::Caller& caller,
    const exchange::WriteRequest& request);

}  // namespace gateway::server
