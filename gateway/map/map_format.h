// The forms in which problems of maps are told to other tools.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "map/library.h"
#include "map/rule.h"

namespace gateway::map {

// [{"place":{"file","line","column"},"level","rule","text"}]
std::string problems_json(const std::vector<MapProblem>& problems);

// What SARIF tells of the run.
struct LintRun {
  std::string_view folder;   // of the maps
  std::string_view version;  // of the binary
  // Whose columns are counted: ours are bytes, and those of SARIF characters.
  std::vector<MapFile> files{};
};
// SARIF 2.1.0, which editors and code review read.
std::string problems_sarif(const std::vector<MapProblem>& problems,
                           const LintRun& run);
// Of a run that came to no answer.
std::string failure_sarif(std::string_view why, int exit_code,
                          const LintRun& run);

}  // namespace gateway::map
