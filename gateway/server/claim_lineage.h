// ClaimLineage says of each value of an emitted claim, and of the encounters
// that it bills, which line of which outward map wrote it, from which field of
// the bill, by which rule, and on which resources that rests: where those came
// as HL7 v2, server/lineage.h leads on from them to bytes.

#pragma once

#include <string>

#include "episode/case.h"
#include "server/pipeline.h"

namespace gateway::server {

struct ExplainedClaim {
  const store::StoredResource& claim;
  const episode::Case& facts;
  const Moment& moment;
};

// Parameters (as $explain answers them) with a `lineage` for each body:
// `output`, `map`, `input`*, and per element a `value` {`element`, `field`,
// `line`, `rule`}. Where the map that made the claim is loaded no more, or the
// facts changed since, there is no `value` for what it would write otherwise.
std::string with_claim_lineage(const std::string& parameters,
                               const ExplainedClaim& explained,
                               const Parts& parts);

}  // namespace gateway::server
