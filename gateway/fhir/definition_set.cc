#include "fhir/definition_set.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>

#include "base/file.h"
#include "base/json_writer.h"
#include "fhir/definitions_image.h"
#include "fhir/package_archive.h"

namespace gateway::fhir {
namespace {

namespace fs = std::filesystem;

constexpr JsonLimits kPackageLimits{
    .bytes = 256U << 20U, .nodes = 40'000'000, .depth = 200};

constexpr std::array<std::string_view, 9> kKinds = {
    "StructureDefinition", "ValueSet",   "CodeSystem",
    "Questionnaire",       "ConceptMap", "Measure",
    "SearchParameter",     "Library",    "ImplementationGuide"};

// Members that no compiler reads, in any of the kinds.
constexpr std::array<std::string_view, 27> kProse = {
    "text",      "definition",   "comment",      "requirements",
    "mapping",   "publisher",    "contact",      "purpose",
    "copyright", "meta",         "alias",        "example",
    "short",     "isSummary",    "date",         "description",
    "xpath",     "condition",    "keyword",      "useContext",
    "status",    "experimental", "jurisdiction", "fhirVersion",
    "contained", "orderMeaning", "differential"};

bool is_prose(std::string_view name) {
  return std::find(kProse.begin(), kProse.end(), name) != kProse.end();
}

void write_essence(Json value, JsonWriter& out) {
  if (value.is_object()) {
    out.begin_object();
    for (const Json member : value) {
      if (is_prose(member.name())) continue;
      out.key(member.name());
      write_essence(member, out);
    }
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    for (const Json item : value) write_essence(item, out);
    out.end_array();
  } else {
    out.raw(value.raw());
  }
}

std::string hash_text(std::string_view text) {
  std::array<char, 17> digits{};
  const auto hash = checksum(std::as_bytes(std::span(text)));
  std::snprintf(digits.data(), digits.size(), "%016llx",
                static_cast<unsigned long long>(hash));
  return digits.data();
}

// A profile that nobody can claim is a mistake; a value set may be meant for
// its own file only.
Finding nameless(Json resource, std::string_view origin) {
  Finding finding;
  finding.rule = "package/no-url";
  const auto type = std::string(resource.get("resourceType").text());
  finding.severity =
      type == "StructureDefinition" ? Severity::error : Severity::warning;
  finding.type = IssueType::required;
  finding.expression = type + ".url";
  finding.text = "a definition without a URL is left out";
  finding.seen = std::string(origin);
  finding.remedy = "give it the URL by which others name it";
  finding.actor = Actor::operator_;
  return finding;
}

}  // namespace

std::string essence(Json resource) {
  JsonWriter out;
  write_essence(resource, out);
  return out.take();
}

void DefinitionSet::add(Json resource, std::string_view origin) {
  const auto type = resource.get("resourceType").text();
  const auto url = resource.get("url").text();
  if (url.starts_with("https://medplum.com/")) return;
  if (std::find(kKinds.begin(), kKinds.end(), type) == kKinds.end()) return;
  if (url.empty()) {
    outcome_.add(nameless(resource, origin));
    return;
  }
  ++definitions_;
  const auto [known, fresh] =
      by_url_.try_emplace(std::string(url), resources_.size());
  if (fresh) {
    resources_.push_back(resource);
  } else {
    resources_[known->second] = resource;
  }
}

Status DefinitionSet::add_text(std::string text, std::string_view origin) {
  auto line = std::string(origin) + ' ' + hash_text(text);
  auto parsed = parse_shared(std::move(text), KeyTable::none(), kPackageLimits);
  if (!parsed.ok()) {
    auto error = parsed.error();
    error.message = std::string(origin) + ": " + error.message;
    return error;
  }
  documents_.push_back(*std::move(parsed));
  inputs_.push_back(std::move(line));
  const Json root = documents_.back()->root();
  if (root.get("resourceType").text() != "Bundle") {
    add(root, origin);
    return Done{};
  }
  for (const Json entry : root.get("entry")) {
    add(entry.get("resource"), origin);
  }
  return Done{};
}

Status DefinitionSet::add_file(const std::string& file) {
  auto text = read_file(file);
  if (!text) return text.error();
  return add_text(*std::move(text), fs::path(file).filename().string());
}

Status DefinitionSet::add_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name.starts_with('.') ||
        name == "package.json" || name == "package-lock.json") {
      continue;
    }
    files.push_back(entry.path().string());
  }
  if (failed) {
    return Error{ErrorCode::not_found, "cannot read the folder " + folder};
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    if (auto added = add_file(file); !added.ok()) return added;
  }
  return Done{};
}

Status DefinitionSet::add_package(const std::string& file_or_folder) {
  const auto before = definitions_;
  auto added = add_parts(file_or_folder);
  if (added.ok() && definitions_ == before) {
    return Error{ErrorCode::invalid,
                 file_or_folder +
                     " holds no FHIR definition; name a package (.tgz), the "
                     "folder where its package.json lies, or a file with a "
                     "definition"};
  }
  return added;
}

Status DefinitionSet::add_parts(const std::string& file_or_folder) {
  if (fs::is_directory(file_or_folder)) {
    const auto below = fs::path(file_or_folder) / "package";
    const bool is_above =
        fs::exists(below / "package.json") &&
        !fs::exists(fs::path(file_or_folder) / "package.json");
    return add_folder(is_above ? below.string() : file_or_folder);
  }
  if (!file_or_folder.ends_with(".tgz")) return add_file(file_or_folder);
  auto files = read_package(file_or_folder);
  if (!files.ok()) return files.error();
  const auto origin = fs::path(file_or_folder).filename().string();
  for (auto& file : *std::move(files)) {
    auto added = add_text(std::move(file.text), origin + ':' + file.name);
    if (!added.ok()) return added;
  }
  return Done{};
}

Json DefinitionSet::find(std::string_view url) const {
  const auto found = by_url_.find(std::string(url.substr(0, url.find('|'))));
  return found == by_url_.end() ? Json() : resources_[found->second];
}

std::vector<Json> DefinitionSet::all(std::string_view resource_type) const {
  std::vector<Json> found;
  for (const Json resource : resources_) {
    if (resource.get("resourceType").text() == resource_type) {
      found.push_back(resource);
    }
  }
  return found;
}

}  // namespace gateway::fhir
