// What another version of the maps would change, on given messages: verdicts,
// resources and values, clustered by the lines and rows that are the cause.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "map/map_case.h"
#include "map/map_cause.h"
#include "map/map_set.h"

namespace gateway::map {

struct MapChange {
  enum class Kind : std::uint8_t { verdict, lost, gained, changed };
  Kind kind;
  // "ServiceRequest.status"; "ServiceRequest" where their number is another;
  // of verdicts: "mapped>correct".
  std::string path;
  std::size_t messages = 0;
  std::string example;  // the first message
  // The line or row behind it. Several where it cannot be told which, and none
  // where no line and no row that the message met is another.
  std::vector<MapCause> causes{};
};
std::string_view name(MapChange::Kind kind);

// Those of one cause together, the most frequent first; empty if nothing
// changes.
std::vector<MapChange> diff(const MapSet& before, const MapSet& after,
                            const std::vector<MapCase>& messages);

}  // namespace gateway::map
