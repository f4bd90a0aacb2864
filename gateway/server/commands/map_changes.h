// What `workgate map diff` says: changes of values, clustered, and effects on
// what is billed.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "map/map_diff.h"
#include "server/commands/map_effects.h"

namespace gateway::server {

void print_diff(const std::vector<map::MapChange>& changes,
                const std::vector<MapEffect>& effects, std::size_t messages);
// `not_billed`: why there can be no effects; empty if there can.
std::string diff_json(const std::vector<map::MapChange>& changes,
                      const std::vector<MapEffect>& effects,
                      std::size_t messages, const std::string& not_billed);

}  // namespace gateway::server
