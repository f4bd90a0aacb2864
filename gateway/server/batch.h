// A batch is a Bundle of requests that know nothing of each other: each entry
// goes its own way through the pipeline, one after the other, and has its own
// record in the message log; the batch itself is recorded last.

#pragma once

#include "exchange/fhir_api.h"
#include "server/incoming.h"
#include "server/pipeline.h"

namespace gateway::server {

// The answer to an entry that only reads.
exchange::EntryAnswer read_in_bundle(const Parts& parts,
                                     const exchange::Caller& caller,
                                     const exchange::Interaction& asked);

void write_batch(const Parts& parts, Incoming incoming,
                 exchange::WriteRequest request, Answer answer);

}  // namespace gateway::server
