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

// Whichever of the two does not load, as one failure: a place says in which
// folder it lies.
Loaded failure_of(const Tool& tool, const Loaded& before, const Loaded& after) {
  Loaded all;
  for (const auto& [one, folder] :
       {std::pair(&before, tool.word(1)), std::pair(&after, tool.word(2))}) {
    if (one->set != nullptr) continue;
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
    return fail(tool, failure_of(tool, old, now));
  }
  const auto& before = *old.set;
  const auto& after = *now.set;
  const auto messages = messages_of(tool, tool.word(2));
  if (!messages) return fail(tool, messages.error().message, kBroken);
  const auto changes = map::diff(before, after, *messages);
  std::vector<MapEffect> billed;
  std::string not_billed;
  if (const auto programs = programs_of(tool)) {
    billed = effects(before, after, *messages, *programs);
  } else {
    not_billed = programs.error().message;
    complain("map", "effects on what is billed are not shown: " + not_billed,
             kDone);
  }
  if (tool.json()) {
    std::cout << diff_json(changes, billed, messages->size(), not_billed)
              << '\n';
  } else {
    print_diff(changes, billed, messages->size());
  }
  return changes.empty() && billed.empty() ? kDone : kNo;
}

}  // namespace gateway::server
