#include "server/commands/map_tool.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "base/json_writer.h"
#include "map/map_format.h"
#include "server/commands/command.h"
#include "server/commands/map_files.h"
#include "server/version.h"

namespace gateway::server {
namespace {

std::string no_file_for(const std::string& partner) {
  return "no file in partners/ is for " + partner;
}

}  // namespace

std::string Tool::word(std::size_t index) const {
  const auto& rest = arguments.rest();
  return index < rest.size() ? rest[index] : std::string();
}

std::string Tool::folder() const {
  return maps_folder(arguments.get("maps", word(1)));
}

int fail(const Arguments& arguments, std::string_view message, int code) {
  const auto& words = arguments.rest();
  if (arguments.has("sarif") && !words.empty() && words[0] == "lint") {
    std::cout << map::failure_sarif(message, code, {{}, kVersion, {}}) << '\n';
    return complain("map", message, code);
  }
  return fail(form_of(arguments), "map", message, code);
}

int fail(const Tool& tool, std::string_view message, int code) {
  return fail(tool.arguments, message, code);
}

Loaded load(const Tool& tool, const std::string& folder) {
  auto loaded = map::load_maps(folder, &tool.model);
  if (!loaded) return {.code = kBroken, .failure = loaded.error().message};
  if (loaded->set == nullptr) {
    return {.code = kNo,
            .failure = "the maps in " + folder + " are not in order",
            .problems = std::move(loaded->problems)};
  }
  if (loaded->set->library->maps.empty()) {
    return {.code = kNo, .failure = map::no_map_in(folder).text};
  }
  std::cerr << map::text_of(loaded->problems);
  return {.set = loaded->set};
}

void tell(const Loaded& loaded) {
  std::cerr << map::text_of(loaded.problems);
  if (loaded.problems.empty()) complain("map", loaded.failure, loaded.code);
}

int fail(const Tool& tool, const Loaded& loaded) {
  tell(loaded);
  return end(tool, loaded);
}

int end(const Tool& tool, const Loaded& loaded) {
  if (tool.json()) {
    JsonWriter out;
    out.begin_object();
    write_failure(out, loaded.failure, loaded.code,
                  map::problems_json(loaded.problems));
    std::cout << out.end_object().text() << '\n';
  }
  return loaded.code;
}

bool knows_partner(const map::MapSet& set, const std::string& partner) {
  return partner.empty() || set.partners.contains(partner);
}

int fail_for_partner(const Tool& tool, const std::string& partner) {
  return fail(tool, no_file_for(partner), kUsage);
}

namespace {

Inputs inputs_there_are(const Tool& tool, const std::string& folder) {
  auto cases = map::read_cases(folder);
  if (!cases) return {.code = kBroken, .failure = cases.error().message};
  const auto other = tool.arguments.get("messages");
  const auto partner = tool.arguments.get("partner");
  if (other.empty()) {
    if (!partner.empty()) {
      return {.code = kUsage,
              .failure =
                  "--partner says whose the messages of --messages are; "
                  "a case says so itself, in a file of its name that "
                  "ends in .partner"};
    }
    if (cases->empty()) {
      return {.code = kBroken,
              .failure = folder +
                         ": there are no cases here; name messages with "
                         "--messages"};
    }
    return {.cases = *std::move(cases)};
  }
  auto messages = messages_in(other);
  if (messages.empty()) {
    return {.code = kBroken,
            .failure = other + ": there are no messages (*.hl7) here"};
  }
  for (auto& one : messages) one.partner = partner;
  for (auto& one : *cases) {
    if (!one.is_hl7) messages.push_back(std::move(one));
  }
  return {.cases = std::move(messages)};
}

}  // namespace

Inputs inputs_of(const Tool& tool, const std::string& folder,
                 const std::vector<const map::MapSet*>& sets) {
  auto inputs = inputs_there_are(tool, folder);
  for (const auto& one : inputs.cases) {
    const bool known = std::any_of(
        sets.begin(), sets.end(),
        [&one](const auto* set) { return knows_partner(*set, one.partner); });
    if (!known) {
      return {.code = kUsage,
              .failure = one.name + ": " + no_file_for(one.partner)};
    }
  }
  return inputs;
}

}  // namespace gateway::server
