// `workgate map diff`: what other maps would change.

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "map/map_diff.h"
#include "server/commands/command.h"
#include "server/commands/map_changes.h"
#include "server/commands/map_effects.h"
#include "server/commands/map_tool.h"
#include "server/places.h"
#include "server/settings.h"
#include "server/site_reader.h"

namespace gateway::server {
namespace {

Result<program::Programs> programs_of(const Tool& tool) {
  const auto settings = read_settings(configuration_path(tool.arguments));
  if (!settings) return settings.error();
  const auto site = read_site(settings->root);
  if (!site) return site.error();
  return read_programs(settings->file, *site, &tool.model);
}

// Whichever of the two does not load, as one failure for programs: a place says
// in which folder it lies.
Loaded failure_of(const Tool& tool, const Loaded& before, const Loaded& after) {
  Loaded all;
  for (const auto& [one, folder] :
       {std::pair(&before, tool.word(1)), std::pair(&after, tool.word(2))}) {
    if (one->set != nullptr) continue;
    tell(*one);
    all.code = std::max(all.code, one->code);
    all.failure += (all.failure.empty() ? "" : "; ") + one->failure;
    for (const auto& problem : one->problems) {
      all.problems.push_back(problem);
      all.problems.back().place = folder + "/" + problem.place;
    }
  }
  return all;
}

}  // namespace

int compare_maps(const Tool& tool) {
  const auto old = load(tool, tool.word(1));
  const auto now = load(tool, tool.word(2));
  if (old.set == nullptr || now.set == nullptr) {
    return end(tool, failure_of(tool, old, now));
  }
  const auto& before = *old.set;
  const auto& after = *now.set;
  const auto partner = tool.arguments.get("partner");
  if (!knows_partner(before, partner) && !knows_partner(after, partner)) {
    return fail_for_partner(tool, partner);
  }
  const auto inputs = inputs_of(tool, tool.word(2), {&before, &after});
  if (inputs.code != 0) return fail(tool, inputs.failure, inputs.code);
  const auto programs = programs_of(tool);
  if (!programs && tool.arguments.has("config")) {
    return fail(tool, programs.error().message, kBroken);
  }
  MapDiff diff{.inputs = map::count_of(inputs.cases),
               .clusters = map::diff(before, after, inputs.cases),
               .effects = {}};
  if (programs) {
    diff.effects = effects(before, after, inputs.cases, *programs);
  } else {
    diff.not_billed = programs.error().message;
    complain("map",
             "effects on what is billed are not shown: " + diff.not_billed,
             kDone);
  }
  if (tool.json()) {
    std::cout << diff_json(diff) << '\n';
  } else {
    print_diff(diff);
  }
  return diff.clusters.empty() && diff.effects.empty() ? kDone : kNo;
}

}  // namespace gateway::server
