// ClaimDay finds what a claim rested on when it was made: the versions of its
// case up to that commit, and the packs that were in force. State is a function
// of the log, so an old claim can be proved as well as a new one.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/pipeline.h"

namespace gateway::server {

struct PastExplanation {
  std::string parameters;            // as billing/explain.h writes them
  std::shared_ptr<KnownCase> known;  // as it was
  store::StoredResource claim;       // whose lines they prove
  Moment moment;
};

// Of a claim that today's facts do not prove; for a void, of the claim that it
// takes back. Nothing where the packs of its day are loaded no more.
// REQUIRES: the lane of the case is held.
Result<std::optional<PastExplanation>> explain_past(
    const store::StoredResource& claim, const KnownCase& present,
    const Parts& parts);

}  // namespace gateway::server
