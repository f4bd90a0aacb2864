#include "server/commands/map_tool.h"

#include <iostream>

#include "server/commands/command.h"
#include "server/commands/map_files.h"

namespace gateway::server {

std::string Tool::word(std::size_t index) const {
  const auto& rest = arguments.rest();
  return index < rest.size() ? rest[index] : std::string();
}

std::string Tool::folder() const {
  return maps_folder(arguments.get("maps", word(1)));
}

std::string no_map_in(const std::string& folder) {
  return "there is no map in " + folder +
         ": a map is a .yaml file that says map, source and emit";
}

Loaded load(const Tool& tool, const std::string& folder) {
  const auto loaded = map::load_maps(folder, &tool.model);
  if (!loaded.ok()) return {complain("map", loaded.error().message, kBroken)};
  std::cerr << map::text_of(loaded->problems);
  if (loaded->set == nullptr) return {kNo};
  if (loaded->set->library->maps.empty()) {
    return {complain("map", no_map_in(folder), kNo)};
  }
  return {kDone, loaded->set};
}

bool knows_partner(const map::MapSet& set, const std::string& partner) {
  return partner.empty() || set.partners.contains(partner);
}

std::vector<map::MapCase> messages_of(const Tool& tool,
                                      const std::string& folder) {
  if (const auto other = tool.arguments.get("messages"); !other.empty()) {
    return messages_in(other);
  }
  const auto cases = map::read_cases(folder);
  return cases.ok() ? *cases : std::vector<map::MapCase>();
}

bool lacks_messages(const Tool& tool, const std::vector<map::MapCase>& found) {
  const auto folder = tool.arguments.get("messages");
  if (folder.empty() || !found.empty()) return false;
  complain("map", folder + ": there are no messages (*.hl7) here", kBroken);
  return true;
}

}  // namespace gateway::server
