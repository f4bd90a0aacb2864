// What a message deletes: the elements of a resource whose fields say "", which
// is another thing than an empty field (HL7 v2.5.1, 2.5.3.1).

#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "map/rule.h"

namespace gateway::map {

// Members of `resource` for which a field that its rules read says "".
// `scopes` are what the rules of the resource stand on.
std::vector<std::string> deleted_elements(const Rule& resource,
                                          const std::vector<Json>& scopes);

}  // namespace gateway::map
