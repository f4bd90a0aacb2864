// What another version of the maps would change, on given messages: verdicts,
// resources and values, each below the one cause that it has.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "map/map_case.h"
#include "map/map_cause.h"
#include "map/map_set.h"

namespace gateway::map {

// How many of the inputs: messages, and documents of ours, of which outward
// maps are made.
struct InputCount {
  std::size_t messages = 0;
  std::size_t documents = 0;

  [[nodiscard]] std::size_t all() const { return messages + documents; }
};
InputCount count_of(const std::vector<MapCase>& inputs);

struct MapChange {
  enum class Kind : std::uint8_t { verdict, lost, gained, changed };
  Kind kind;
  // "ServiceRequest.status"; "ServiceRequest" where their number is another;
  // of verdicts: "mapped>correct", or "waits" for what lacks rows of tables
  // alone; of findings, their rule and place: "map/missing PID-5".
  std::string path;
  InputCount in{};
  std::string example{};  // the first of them
};
std::string_view name(MapChange::Kind kind);

struct MapCluster {
  MapCause cause;
  InputCount in{};  // where it changes anything
  std::vector<MapChange> changes{};
};

// Each cause once, each change below one, the most frequent first; empty if
// nothing changes.
std::vector<MapCluster> diff(const MapSet& before, const MapSet& after,
                             const std::vector<MapCase>& inputs);

}  // namespace gateway::map
