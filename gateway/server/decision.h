// Decision is what follows for the cases that a message touches: the
// resources that the gateway emits, the ledger, the feed.

#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "billing/intake.h"
#include "fhir/outcome.h"
#include "fhir/resource.h"
#include "server/edition.h"
#include "server/pipeline.h"
#include "store/store.h"

namespace gateway::server {

struct OpenTask {
  fhir::ResourceId id;
  std::string focus;                // "ServiceRequest/1"
  std::vector<std::string> causes;  // other resources that it speaks of
  fhir::Outcome findings;

  // Whether the sender of `resource` ("Procedure/1") is to hear of it.
  [[nodiscard]] bool concerns(std::string_view resource) const;
};

// What the message wrote. Resources of no patient belong to all cases that
// were named for it.
struct Changed {
  fhir::Resource resource;
  std::string case_key;
};

struct Decision {
  std::vector<store::ResourceWrite> writes;
  std::vector<store::LedgerEntry> ledger;
  std::vector<store::FeedEvent> feed;
  std::vector<store::Dependent> dependents;
  std::vector<OpenTask> tasks;  // of these cases, as they stand now
  std::vector<billing::IntakeWarning> warnings;  // that hold nothing
  // What is wrong with what would be emitted: if anything, none of this may be
  // committed.
  fhir::Outcome unfit;
};

// Applies `changed` (in the order of the message) to each case, computes what
// ought to be, and what has to be written to get there.
// REQUIRES: the lanes of all `case_keys` are held.
Result<Decision> decide_cases(const Parts& parts, const std::string& owner,
                              const std::set<std::string>& case_keys,
                              const std::vector<Changed>& changed,
                              const Moment& moment);

}  // namespace gateway::server
