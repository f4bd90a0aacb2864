#include "map/map_set.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "map/suggestion.h"
#include "security/digest.h"

namespace gateway::map {

namespace fs = std::filesystem;

const Overlay& MapSet::overlay(std::string_view partner) const {
  const auto found = partners.find(partner);
  return found == partners.end() ? *library->plain : found->second;
}

Result<std::vector<MapFile>> read_partner_folder(const std::string& folder) {
  const fs::path partners = fs::path(folder) / "partners";
  std::vector<MapFile> files;
  std::error_code failed;
  if (!fs::exists(partners, failed)) return files;
  for (auto it = fs::directory_iterator(partners, failed);
       !failed && it != fs::directory_iterator(); it.increment(failed)) {
    if (it->path().extension() != ".yaml") continue;
    auto text = read_file(it->path().string());
    if (!text) return text.error();
    files.push_back(
        {"partners/" + it->path().filename().string(), *std::move(text)});
  }
  if (failed) {
    return Error{ErrorCode::not_found,
                 "Partners cannot be read from " + partners.string() + "."};
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

LoadedMapSet load_map_set(const std::vector<MapFile>& files,
                          const std::vector<MapFile>& partners,
                          const fhir::TypeModel* model) {
  auto loaded = load_library(files, model);
  if (loaded.library == nullptr) return {nullptr, std::move(loaded.problems)};
  auto set = std::make_shared<MapSet>();
  set->library = loaded.library;
  auto problems = std::move(loaded.problems);
  std::string bytes = set->library->hash;
  for (const auto& file : partners) {
    bytes += file.name + '\0' + file.text + '\0';
    auto overlay = load_overlay(file, *set->library, problems);
    const auto name = overlay.partner;
    if (!set->partners.emplace(name, std::move(overlay)).second) {
      problems.push_back({LintRule::duplicate, file.name + ":1:1",
                          "another file is of the partner \"" + name + "\""});
    }
  }
  set->hash = security::sha256_hex(bytes);
  const bool good =
      std::all_of(problems.begin(), problems.end(),
                  [](const MapProblem& problem) { return problem.warning; });
  if (!good) return {nullptr, std::move(problems)};
  return {std::move(set), std::move(problems)};
}

Result<LoadedMapSet> load_maps(const std::string& folder,
                               const fhir::TypeModel* model) {
  const auto files = read_map_folder(folder);
  if (!files) return files.error();
  const auto partners = read_partner_folder(folder);
  if (!partners) return partners.error();
  return load_map_set(*files, *partners, model);
}

std::vector<MapProblem> unknown_partners(
    const MapSet& set, const std::vector<std::string_view>& names) {
  std::vector<MapProblem> problems;
  for (const auto& [name, overlay] : set.partners) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    problems.push_back({LintRule::unknown_name, overlay.place,
                        "the configuration has no partner \"" + name + "\"" +
                            suggestion(name, names)});
  }
  return problems;
}

MapProblem no_map_in(const std::string& folder) {
  return {LintRule::no_map, ".",
          "there is no map in " + folder +
              ": a map is a .yaml file that says map, source and emit"};
}

std::string text_of(const std::vector<MapProblem>& problems) {
  std::string all;
  for (const auto& problem : problems) {
    all += problem.place + ": " + (problem.warning ? "warning: " : "") +
           problem.text + "\n";
  }
  return all;
}

}  // namespace gateway::map
