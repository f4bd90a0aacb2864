// What a node of a map says: its own members, and those of the parts that it
// uses.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "map/rule.h"

namespace gateway::map {

using Parts = std::map<std::string, Yaml, std::less<>>;

// Name, key and value of each member.
using RuleMembers = std::vector<std::pair<std::string, std::pair<Yaml, Yaml>>>;
const Yaml* find(const RuleMembers& members, std::string_view key);

// A node's own members come last, and replace a part's of the same name; one
// without a value takes the part's away.
RuleMembers merged_members(const Yaml& node, const Parts& parts,
                           std::vector<MapProblem>& problems);

}  // namespace gateway::map
