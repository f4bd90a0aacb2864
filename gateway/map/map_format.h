// The forms in which problems of maps are told to other tools.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "map/rule.h"

namespace gateway::map {

// [{"place":{"file","line","column"},"text","level"}]
std::string problems_json(const std::vector<MapProblem>& problems);

// SARIF 2.1.0, which editors and code review read.
std::string problems_sarif(const std::vector<MapProblem>& problems,
                           std::string_view folder);

}  // namespace gateway::map
