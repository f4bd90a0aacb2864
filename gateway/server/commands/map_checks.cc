// `workgate map lint`, `map test` and `map fmt`: whether the maps of a folder
// are in order.

#include <algorithm>
#include <iostream>
#include <string>

#include "base/json_writer.h"
#include "map/map_format.h"
#include "map/map_layout.h"
#include "server/commands/command.h"
#include "server/commands/map_files.h"
#include "server/commands/map_tool.h"

namespace gateway::server {

int lint_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto loaded = map::load_maps(folder, &tool.model);
  if (!loaded.ok()) {
    return complain("map", loaded.error().message, kBroken);
  }
  auto problems = loaded->problems;
  const bool none =
      loaded->set != nullptr && loaded->set->library->maps.empty();
  if (none) problems.push_back({".", no_map_in(folder), false});
  if (tool.arguments.has("sarif")) {
    std::cout << map::problems_sarif(problems, folder) << '\n';
  } else if (tool.json()) {
    std::cout << map::problems_json(problems) << '\n';
  } else {
    std::cout << map::text_of(problems);
    if (problems.empty()) {
      std::cout << loaded->set->library->maps.size() << " maps, "
                << loaded->set->partners.size() << " partners: no problems\n";
    }
  }
  return loaded->set == nullptr || none ? kNo : kDone;
}

int test_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto [code, set] = load(tool, folder);
  if (set == nullptr) return code;
  const auto cases = map::read_cases(folder);
  if (!cases.ok()) return complain("map", cases.error().message, kBroken);
  std::size_t failed = 0;
  JsonWriter out;
  out.begin_object().key("cases").begin_array();
  for (const auto& one : *cases) {
    const auto result =
        knows_partner(*set, one.partner)
            ? map::check(*set, one)
            : Error{ErrorCode::invalid,
                    "no file in partners/ is for " + one.partner};
    const bool held = result.ok() && result->difference.empty();
    const bool update =
        result.ok() && !held && tool.arguments.has("update") &&
        write_text(folder + "/" + one.name + ".expect.json", result->seen);
    if (!held && !update) ++failed;
    const std::string state = held ? "holds" : update ? "updated" : "FAILED";
    const auto why = !result.ok() ? ": " + result.error().message
                     : held       ? std::string()
                                  : ", " + result->difference;
    if (!held && !tool.json()) {
      std::cout << state << " " << one.name << why << '\n';
    }
    out.begin_object().member("name", one.name).member("state", state);
    out.member_if("difference", std::string_view(why).substr(
                                    std::min<std::size_t>(why.size(), 2)));
    out.end_object();
  }
  out.end_array().key("failed").integer(static_cast<long long>(failed));
  if (tool.json()) {
    std::cout << out.end_object().take() << '\n';
  } else {
    std::cout << cases->size() - failed << " of " << cases->size()
              << " cases hold\n";
  }
  return failed == 0 ? kDone : kNo;
}

int format_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto files = map::read_map_folder(folder);
  if (!files.ok()) return complain("map", files.error().message, kBroken);
  int exit_code = kDone;
  JsonWriter out;
  out.begin_array();
  for (const auto& file : *files) {
    if (!file.name.ends_with(".yaml")) continue;
    const auto path = folder + "/" + file.name;
    const auto text = map::laid_out(file.text, path);
    if (!text) {
      exit_code = complain("map", text.error().message, kBroken);
      continue;
    }
    if (*text == file.text) continue;
    if (!tool.arguments.has("check")) {
      if (!write_text(path, *text)) {
        exit_code = complain("map", path + ": cannot be written", kBroken);
        continue;
      }
    } else if (exit_code == kDone) {
      exit_code = kNo;
    }
    if (!tool.json()) std::cout << file.name << '\n';
    out.string(file.name);
  }
  out.end_array();
  if (tool.json()) std::cout << out.text() << '\n';
  return exit_code;
}

}  // namespace gateway::server
