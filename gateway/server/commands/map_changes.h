// What `workgate map diff` says: changes of values below their causes, and
// effects on what is billed.

#pragma once

#include <string>
#include <vector>

#include "map/map_diff.h"
#include "server/commands/map_effects.h"

namespace gateway::server {

struct MapDiff {
  map::InputCount inputs;
  std::vector<map::MapCluster> clusters;
  std::vector<MapEffect> effects;
  std::string not_billed{};  // why there can be no effects
};

void print_diff(const MapDiff& diff);
std::string diff_json(const MapDiff& diff);

}  // namespace gateway::server
