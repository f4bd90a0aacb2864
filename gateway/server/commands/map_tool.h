// What every tool of `workgate map` needs: its words, the maps of a folder, and
// the messages that it tries them on.

#pragma once

#include <string>
#include <vector>

#include "fhir/type_model.h"
#include "map/map_case.h"
#include "map/map_set.h"
#include "server/arguments.h"

namespace gateway::server {

struct Tool {
  const Arguments& arguments;
  const fhir::TypeModel& model;

  // Of the words behind `map`, the tool's own name first; empty if there are
  // fewer.
  [[nodiscard]] std::string word(std::size_t index) const;
  [[nodiscard]] std::string folder() const;
  [[nodiscard]] bool json() const { return arguments.has("json"); }
};

// Without a set the problems are printed, and the tool ends with the code.
struct Loaded {
  int code = 0;
  map::SharedMapSet set{};
};
Loaded load(const Tool& tool, const std::string& folder);

std::string no_map_in(const std::string& folder);

// A misspelt name would switch all of it off.
bool knows_partner(const map::MapSet& set, const std::string& partner);

// The cases of a folder, or the messages of --messages.
std::vector<map::MapCase> messages_of(const Tool& tool,
                                      const std::string& folder);
// A folder without messages is a slip: nothing could be said of nothing.
bool lacks_messages(const Tool& tool, const std::vector<map::MapCase>& found);

// The tools themselves; each returns an ExitCode.
int run_map(const Tool& tool);
int trace_map(const Tool& tool);
int lint_maps(const Tool& tool);
int test_maps(const Tool& tool);
int format_maps(const Tool& tool);
int cover_maps(const Tool& tool);
int compare_maps(const Tool& tool);

}  // namespace gateway::server
