// `workgate map diff`: what other maps would change.

#include <algorithm>
#include <iostream>
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

}  // namespace

int compare_maps(const Tool& tool) {
  const auto [old_code, before] = load(tool, tool.word(1));
  const auto [code, after] = load(tool, tool.word(2));
  if (before == nullptr || after == nullptr) return std::max(old_code, code);
  const auto messages = messages_of(tool, tool.word(2));
  if (lacks_messages(tool, messages)) return kBroken;
  const auto changes = map::diff(*before, *after, messages);
  std::vector<MapEffect> billed;
  const auto programs = programs_of(tool);
  if (programs) {
    billed = effects(*before, *after, messages, *programs);
  } else {
    std::cerr << "workgate map: effects on what is billed are not shown: "
              << programs.error().message << '\n';
  }
  if (tool.json()) {
    std::cout << diff_json(changes, billed, messages.size()) << '\n';
  } else {
    print_diff(changes, billed, messages.size());
  }
  return changes.empty() && billed.empty() ? kDone : kNo;
}

}  // namespace gateway::server
