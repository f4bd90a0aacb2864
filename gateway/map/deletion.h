// What a message deletes: the elements of a resource whose fields say "", which
// is another thing than an empty field (HL7 v2.5.1, 2.5.3.1).

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.h"
#include "map/map_engine.h"
#include "map/rule.h"

namespace gateway::map {

// An entry that is written.
struct Written {
  const Emission& emission;
  Method method;
  bool has_key;
  bool is_anew;  // the message withdraws what was kept before it posts this
  const std::vector<std::string>& defaulted;  // see Update
};

// Says of entry number `entry` that it updates, and what it deletes; or that it
// may complete what was kept.
void add_amendment(MapOutput& output, std::size_t entry, const Written& written,
                   const std::vector<Json>& scopes);

// Members of `resource` for which a field that its rules read says "".
// `scopes` are what the rules of the resource stand on.
std::vector<std::string> deleted_elements(const Rule& resource,
                                          const std::vector<Json>& scopes);

}  // namespace gateway::map
