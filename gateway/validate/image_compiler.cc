#include "validate/image_compiler.h"

#include <cstdio>
#include <fstream>
#include <utility>

#include "fhir/definitions_writer.h"
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

Status write_file(const std::string& file,
                  const std::vector<std::byte>& bytes) {
  const auto draft = file + ".new";
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
  for (const auto& package : options.packages) {
    if (auto added = set.add_package(package); !added.ok()) {
      return added.error();
    }
  }
  if (set.empty()) {
    return Error{ErrorCode::invalid, "no definitions in the packages named"};
  }
  auto image = image_of(set, nullptr);
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
  return Compiled{std::move(definitions), std::move(made.report.outcome)};
}

}  // namespace gateway::validate
