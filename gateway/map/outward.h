// Outward maps at work: a document of ours becomes the resource that leaves
// the gateway, as the map in force says.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "map/document.h"
#include "map/map_engine.h"
#include "map/map_set.h"

namespace gateway::map {

// The body of the resource. `partner` is whose overlay holds. An Error names
// the line of the map that could not do its work on this document.
Result<std::string> emit(const MapSet& set, const Document& document,
                         std::string_view partner);

// The same with its lineage: the transaction of one entry that the engine
// makes of the document, whose bytes lineage counts.
struct EmissionProof {
  std::string source;  // the document as JSON
  MapOutput output;
};
Result<EmissionProof> prove(const MapSet& set, const Document& document,
                            std::string_view partner);

// "emit/claim|<hash>": what Provenance names.
std::string identity_of(const CheckedMap& map);

// Refuses a set of maps that leaves a document without a map.
Status check_complete(const MapLibrary& library);

}  // namespace gateway::map
