// Offline bills a Bundle without a store: referral, coverage, authorization
// and sessions in, Encounters, Claims and Tasks out. It is what the gateway
// would do, as one function.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "billing/plan.h"
#include "map/map_set.h"
#include "program/programs.h"

namespace gateway::billing {

struct OfflineOptions {
  // The clock; else the newest instant in the Bundle. A session that ends
  // exactly then has ended.
  std::optional<Instant> as_of;
  bool explain = false;
  // Told of each resource with the key that it goes by and the clock, and then
  // given the plan to add to: holds that do not follow from the facts.
  std::function<void(const std::string& key, Json resource, Instant now)> learn;
  std::function<void(Plan&)> amend;
};

struct OfflineBill {
  std::string bundle;  // type collection
  // Parameters per claim, where asked for.
  std::vector<std::string> proofs;
};

// References resolve by fullUrl, and those of the result repeat the Bundle's.
// `maps` make the bodies.
Result<OfflineBill> bill_bundle(const JsonDocument& bundle,
                                const program::Programs& programs,
                                const map::MapSet& maps,
                                const OfflineOptions& options);

}  // namespace gateway::billing
