#include "validate/image_compiler.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <utility>

#include "fhir/definitions_writer.h"
#include "validate/definition_check.h"
#include "validate/invariant_compiler.h"
#include "validate/profile_compiler.h"
#include "validate/structure_shelf.h"
#include "validate/terminology_compiler.h"

namespace gateway::validate {
namespace {

// Names that walks ask for, even if no definition uses them.
constexpr const char* kNames[] = {
    "resourceType", "id",        "extension",    "modifierExtension",
    "url",          "reference", "value",        "contained",
    "fullUrl",      "resource",  "entry",        "meta",
    "profile",      "system",    "code",         "coding",
    "text",         "_id",       "fhir_comments"};

bool is_profile(Json definition) {
  return definition.get("derivation").text() == "constraint";
}

struct Image {
  std::vector<std::byte> bytes;
  CompileReport report;
};

Image image_of(const fhir::DefinitionSet& set, const fhir::Definitions* base) {
  Image image;
  image.report.outcome.merge(set.outcome());
  StructureShelf shelf(set, base, image.report.outcome);
  fhir::DefinitionsWriter writer(base);
  for (const auto* name : kNames) writer.key(name);
  for (const auto& line : set.inputs()) writer.add_input(line);
  TerminologyCompiler(writer, set, image.report.outcome).compile();
  ProfileCompiler profiles(writer);
  const auto structures = shelf.all();
  for (const Json definition : structures) profiles.declare(definition);
  for (const bool profile_pass : {false, true}) {
    for (const Json definition : structures) {
      if (is_profile(definition) == profile_pass) profiles.compile(definition);
    }
  }
  check_definitions(structures, writer, image.report.outcome);
  for (const auto* kind :
       {"Questionnaire", "Measure", "SearchParameter", "Library"}) {
    for (const Json resource : set.all(kind)) {
      writer.publish(resource.get("url").text(),
                     fhir::ArtifactKind::source_only, fhir::kNone,
                     std::string_view(kind) == "SearchParameter"
                         ? fhir::essence(resource)
                         : std::string(resource.raw()));
    }
  }
  image.report.structures = structures.size();
  image.report.value_sets = writer.value_sets.own.size();
  image.report.code_systems = writer.systems.own.size();
  image.bytes = writer.finish();
  image.report.bytes = image.bytes.size();
  return image;
}

fhir::Finding package_finding(const Error& error) {
  fhir::Finding finding;
  finding.rule = "package/malformed";
  finding.severity = fhir::Severity::fatal;
  finding.type = fhir::IssueType::structure;
  finding.text = error.message;
  if (error.offset) {
    const auto at = static_cast<std::uint32_t>(*error.offset);
    finding.span = ByteSpan{at, at};
    finding.seen = "byte " + std::to_string(at);
  }
  finding.remedy = "get the package anew";
  finding.actor = fhir::Actor::operator_;
  return finding;
}

Status write_file(const std::string& file,
                  const std::vector<std::byte>& bytes) {
  const auto draft = file + '.' + std::to_string(getpid()) + ".new";
  std::ofstream out(draft, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out || std::rename(draft.c_str(), file.c_str()) != 0) {
    std::remove(draft.c_str());
    return Error{ErrorCode::fault, "cannot write " + file};
  }
  return Done{};
}

}  // namespace

std::vector<std::string> core_packages(const std::string& npm_folder) {
  std::vector<std::string> files;
  for (const auto* name :
       {"profiles-types", "profiles-resources", "profiles-others",
        "extension-definitions", "valuesets", "v2-tables", "v3-codesystems",
        "search-parameters"}) {
    files.push_back(npm_folder + '/' + name + ".json");
  }
  return files;
}

Result<CompileReport> compile_image(const CompileOptions& options) {
  fhir::DefinitionSet set;
  fhir::Outcome refused;
  for (const auto& package : options.packages) {
    const auto added = set.add_package(package);
    if (added.ok()) continue;
    if (added.error().code == ErrorCode::not_found) return added.error();
    refused.add(package_finding(added.error()));
  }
  if (!refused.acceptable()) {
    CompileReport report;
    report.outcome = std::move(refused);
    return report;
  }
  if (set.empty()) {
    return Error{ErrorCode::invalid, "no definitions in the packages named"};
  }
  auto image = image_of(set, nullptr);
  auto opened = fhir::DefinitionsImage::from_bytes(image.bytes);
  if (!opened.ok()) return opened.error();
  const auto definitions = fhir::Definitions::from(*std::move(opened));
  check_invariants(*definitions, image.report.outcome);
  if (!image.report.outcome.acceptable()) {
    image.report.bytes = 0;
    return std::move(image.report);
  }
  auto written = write_file(options.output, image.bytes);
  if (!written.ok()) return written.error();
  return std::move(image.report);
}

Result<Compiled> compile(const fhir::DefinitionSet& set,
                         const fhir::SharedDefinitions& base) {
  auto made = image_of(set, base.get());
  auto image = fhir::DefinitionsImage::from_bytes(std::move(made.bytes));
  if (!image.ok()) return image.error();
  auto definitions = base ? fhir::Definitions::over(base, *std::move(image))
                          : fhir::Definitions::from(*std::move(image));
  check_invariants(*definitions, made.report.outcome);
  return Compiled{std::move(definitions), std::move(made.report.outcome)};
}

}  // namespace gateway::validate
