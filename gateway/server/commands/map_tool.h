// What every tool of `workgate map` needs: its words, the maps of a folder, and
// the messages that it tries them on.

#pragma once

#include <string>
#include <string_view>
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

// Ends a tool that has no answer: says so on stderr, and on stdout in the form
// that is asked for. Returns the code.
int fail(const Arguments& arguments, std::string_view message, int code);
int fail(const Tool& tool, std::string_view message, int code);

// Without a set it says why there is none.
struct Loaded {
  map::SharedMapSet set{};
  int code = 0;
  std::string failure{};
  std::vector<map::MapProblem> problems{};  // of what was read
};
Loaded load(const Tool& tool, const std::string& folder);
// REQUIRES: there is no set. Both: on stderr, and for programs.
int fail(const Tool& tool, const Loaded& loaded);
void tell(const Loaded& loaded);
int end(const Tool& tool, const Loaded& loaded);

// A misspelt name would switch all of it off.
bool knows_partner(const map::MapSet& set, const std::string& partner);
int fail_for_partner(const Tool& tool, const std::string& partner);

// The cases of a folder; with --messages those messages, as of --partner,
// instead of its own: only of outward maps nothing but cases can say anything.
// None at all is a slip: nothing could be said of nothing. So is a partner that
// none of the sets has a file for, and one whose messages were not named.
struct Inputs {
  std::vector<map::MapCase> cases{};
  int code = 0;
  std::string failure{};  // where there are none
};
Inputs inputs_of(const Tool& tool, const std::string& folder,
                 const std::vector<const map::MapSet*>& sets);

// The tools themselves; each returns an ExitCode.
int run_map(const Tool& tool);
int trace_map(const Tool& tool);
int lint_maps(const Tool& tool);
int test_maps(const Tool& tool);
int format_maps(const Tool& tool);
int cover_maps(const Tool& tool);
int compare_maps(const Tool& tool);

}  // namespace gateway::server
