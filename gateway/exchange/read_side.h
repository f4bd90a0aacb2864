// Answers every interaction that only reads. A claim body that goes to a
// clearinghouse counts as pulled, which must be durable before its first byte
// leaves: the answer lists the pulls, and whoever sends it commits them first.

#pragma once

#include <string>
#include <vector>

#include "base/date.h"
#include "base/zone.h"
#include "exchange/answer.h"
#include "exchange/caller.h"
#include "exchange/interaction.h"
#include "exchange/site.h"
#include "store/store.h"

namespace gateway::exchange {

struct PendingPull {
  store::Pull pull;
  std::string case_key;  // the lane in which it is to be committed
};

struct ReadAnswer {
  Response response;
  std::vector<PendingPull> pulls;  // only those that are not recorded yet
};

// When somebody asks, and what day it is then at the site.
struct Here {
  Instant now;
  Zone zone;

  Here(Instant at, Zone of = Zone::utc()) : now(at), zone(of) {}
};

// Of capabilities, read, vread, history, search, measures, index, message_list
// and message_read. Pulls are of that time.
ReadAnswer read_answer(const Interaction& interaction, const Caller& caller,
                       store::Store& store, const Site& site, const Here& here);

// The resource itself, for $explain and $checklist: refused (404) where the
// caller may not see it.
OrRefusal<store::StoredResource> read_visible(const fhir::ResourceId& id,
                                              const Caller& caller,
                                              store::Store& store,
                                              const Site& site);

// The matches of a condition, at most two: 0, 1 or several is all that counts.
Result<std::vector<fhir::ResourceId>> matches(const SearchRequest& condition,
                                              const store::Scope& scope,
                                              store::Store& store);

}  // namespace gateway::exchange
