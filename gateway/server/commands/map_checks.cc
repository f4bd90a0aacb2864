// `workgate map lint`, `map test` and `map fmt`: whether the maps of a folder
// are in order.

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "map/map_format.h"
#include "map/map_layout.h"
#include "server/commands/command.h"
#include "server/commands/map_files.h"
#include "server/commands/map_tool.h"
#include "server/version.h"

namespace gateway::server {
namespace {

struct Formatted {
  std::vector<std::string> files;  // that are, or would be, written otherwise
  std::vector<std::string> failures;
  std::vector<map::MapProblem> problems;  // of files that are no YAML
};

void format_file(const Tool& tool, const std::string& folder,
                 const map::MapFile& file, Formatted& formatted) {
  const auto failed = [&formatted](const std::string& message) {
    complain("map", message, kBroken);
    formatted.failures.push_back(message);
  };
  const auto path = folder + "/" + file.name;
  const auto text = map::laid_out(file.text, path);
  if (!text) {
    const auto& message = text.error().message;
    failed(message);
    const auto end = message.find(": ", path.size());
    if (end == std::string::npos) return;
    formatted.problems.push_back(
        {map::LintRule::syntax,
         file.name + message.substr(path.size(), end - path.size()),
         message.substr(end + 2)});
    return;
  }
  if (*text == file.text) return;
  if (!tool.arguments.has("check") && !write_text(path, *text)) {
    return failed(path + ": cannot be written");
  }
  formatted.files.push_back(file.name);
}

// The files; as "changed" beside the failures where there are any.
std::string formatted_json(const Formatted& formatted, int code) {
  JsonWriter files;
  files.begin_array();
  for (const auto& name : formatted.files) files.string(name);
  files.end_array();
  if (formatted.failures.empty()) return files.take();
  std::string all;
  for (const auto& failure : formatted.failures) {
    all += (all.empty() ? "" : "; ") + failure;
  }
  JsonWriter out;
  out.begin_object();
  write_failure(out, all, code, map::problems_json(formatted.problems));
  return out.key("changed").raw(files.text()).end_object().take();
}

std::vector<map::MapFile> all_files(const std::string& folder) {
  std::vector<map::MapFile> files;
  for (auto some :
       {map::read_map_folder(folder), map::read_partner_folder(folder)}) {
    if (!some) continue;
    files.insert(files.end(), some->begin(), some->end());
  }
  return files;
}

}  // namespace

int lint_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto loaded = map::load_maps(folder, &tool.model);
  if (!loaded.ok()) return fail(tool, loaded.error().message, kBroken);
  auto problems = loaded->problems;
  const bool none =
      loaded->set != nullptr && loaded->set->library->maps.empty();
  if (none) problems.push_back(map::no_map_in(folder));
  if (tool.arguments.has("sarif")) {
    std::cout << map::problems_sarif(problems,
                                     {folder, kVersion, all_files(folder)})
              << '\n';
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
  const auto loaded = load(tool, folder);
  if (loaded.set == nullptr) return fail(tool, loaded);
  const auto& set = loaded.set;
  const auto cases = map::read_cases(folder);
  if (!cases.ok()) return fail(tool, cases.error().message, kBroken);
  if (cases->empty()) {
    return fail(tool, folder + ": there are no cases here", kBroken);
  }
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
  if (!files.ok()) return fail(tool, files.error().message, kBroken);
  Formatted formatted;
  for (const auto& file : *files) {
    if (!file.name.ends_with(".yaml")) continue;
    format_file(tool, folder, file, formatted);
  }
  const bool change = !tool.arguments.has("check");
  const int code = !formatted.failures.empty()         ? kBroken
                   : formatted.files.empty() || change ? kDone
                                                       : kNo;
  if (tool.json()) {
    std::cout << formatted_json(formatted, code) << '\n';
  } else {
    for (const auto& name : formatted.files) std::cout << name << '\n';
  }
  return code;
}

}  // namespace gateway::server
