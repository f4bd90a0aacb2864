// What another version of the maps would change, on given messages: verdicts
// and values, clustered by what changed.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "map/map_case.h"
#include "map/map_set.h"

namespace gateway::map {

struct MapChange {
  enum class Kind : std::uint8_t { verdict, lost, gained, changed };
  Kind kind;
  std::string path;  // "ServiceRequest.status"; of verdicts: "mapped>correct"
  std::size_t messages = 0;
  std::string example;  // the first message
};
std::string_view name(MapChange::Kind kind);

// Most frequent first; empty if nothing changes.
std::vector<MapChange> diff(const MapSet& before, const MapSet& after,
                            const std::vector<MapCase>& messages);

}  // namespace gateway::map
