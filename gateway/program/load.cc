#include "program/load.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"

namespace gateway::program {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const std::string& folder,
                               std::string_view extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

template <typename Table>
Status read_table(const fs::path& path, std::string_view text,
                  std::map<std::string, Table>& tables) {
  auto table = Table::parse(text);
  if (!table) {
    return Error{ErrorCode::invalid,
                 path.string() + ":" + table.error().message};
  }
  tables.insert_or_assign(path.filename().string(), *std::move(table));
  return Done{};
}

// What a table is for, its first line says: of codes, or of their prefixes.
Status read_tables(const std::string& folder, Site& site) {
  for (const auto& path : files_of(folder, ".tsv")) {
    const auto text = read_file(path.string());
    if (!text) return text.error();
    const auto read = text->starts_with("code\t")
                          ? read_table(path, *text, site.diagnosis_dates)
                          : read_table(path, *text, site.regions);
    if (!read) return read;
  }
  return Done{};
}

// A site that sets the gate of a row which has none would wait in vain.
Status check_gates(const PolicyPack& pack, const Overrides& overrides,
                   const Site& site) {
  constexpr std::string_view kGate = "gate.";
  for (const auto& [name, value] : overrides) {
    if (!name.starts_with(kGate)) continue;
    const auto row = std::string_view(name).substr(kGate.size());
    const bool gated =
        std::any_of(pack.requirements.begin(), pack.requirements.end(),
                    [&](const auto& one) { return one.id == row && one.gate; });
    if (gated) continue;
    const auto place = site.places.find("overrides " + pack.id);
    const bool known = place != site.places.end();
    return Error{ErrorCode::invalid,
                 (known ? place->second : pack.place) + ": override " + name +
                     ": the pack " + pack.id + " has no such row of evidence"};
  }
  return Done{};
}

// Where a pack is right without what the site overrides, the site is to blame.
Error blamed(Error error, const Yaml& yaml, const Site& site,
             const fhir::TypeModel* model) {
  const auto id = yaml.get("id").scalar();
  const auto place = site.places.find("overrides " + id);
  if (place == site.places.end() || !read_pack(yaml, {}, model)) return error;
  error.message = place->second + ": overrides of " + id + ": " + error.message;
  return error;
}

}  // namespace

Result<Programs> load_programs(const std::string& folder, Site site,
                               const fhir::TypeModel* model) {
  const auto read = read_tables(folder, site);
  if (!read) return read.error();
  std::vector<PolicyPack> packs;
  for (const auto& path : files_of(folder, ".yaml")) {
    const auto yaml = Yaml::read(path.string());
    if (!yaml) return yaml.error();
    static const Overrides kNone;
    const auto own = site.overrides.find(yaml->get("id").scalar());
    auto pack = read_pack(
        *yaml, own == site.overrides.end() ? kNone : own->second, model);
    if (!pack && own != site.overrides.end()) {
      return blamed(pack.error(), *yaml, site, model);
    }
    if (!pack) return pack.error();
    if (own != site.overrides.end()) {
      const auto checked = check_gates(*pack, own->second, site);
      if (!checked) return checked.error();
    }
    packs.push_back(*std::move(pack));
  }
  if (packs.empty()) {
    return Error{ErrorCode::not_found, folder + ": no policy packs here"};
  }
  return Programs::make(std::move(packs), std::move(site));
}

}  // namespace gateway::program
