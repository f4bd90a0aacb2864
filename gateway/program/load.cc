#include "program/load.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

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

Status read_regions(const std::string& folder, Site& site) {
  for (const auto& path : files_of(folder, ".tsv")) {
    std::ifstream in(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    auto regions = Regions::parse(text);
    if (!regions) {
      return Error{ErrorCode::invalid,
                   path.string() + ": " + regions.error().message};
    }
    site.regions.insert_or_assign(path.filename().string(),
                                  *std::move(regions));
  }
  return Done{};
}

}  // namespace

Result<Programs> load_programs(const std::string& folder, Site site,
                               const fhir::TypeModel* model) {
  const auto read = read_regions(folder, site);
  if (!read) return read.error();
  std::vector<PolicyPack> packs;
  for (const auto& path : files_of(folder, ".yaml")) {
    const auto yaml = Yaml::read(path.string());
    if (!yaml) return yaml.error();
    static const Overrides kNone;
    const auto own = site.overrides.find(yaml->get("id").scalar());
    auto pack = read_pack(
        *yaml, own == site.overrides.end() ? kNone : own->second, model);
    if (!pack) return pack.error();
    packs.push_back(*std::move(pack));
  }
  if (packs.empty()) {
    return Error{ErrorCode::not_found, folder + ": no policy packs here"};
  }
  return Programs::make(std::move(packs), std::move(site));
}

}  // namespace gateway::program
