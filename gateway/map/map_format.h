// The form in which files of maps are kept, so that changes show and nothing
// else; and the forms in which their problems are told to other tools.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "map/rule.h"

namespace gateway::map {

// Blanks for tabs, none at the ends of lines, no two empty lines, one line
// break at the end. Comments and order stay as they are.
std::string formatted(std::string_view text);

// [{"place":{"file","line","column"},"text","level"}]
std::string problems_json(const std::vector<MapProblem>& problems);

// SARIF 2.1.0, which editors and code review read.
std::string problems_sarif(const std::vector<MapProblem>& problems,
                           std::string_view folder);

}  // namespace gateway::map
