// Small libraries of maps for tests.

#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fhir/type_model.h"
#include "folders.h"
#include "map/library.h"
#include "map/map_engine.h"
#include "map/overlay.h"
#include "parse/hl7v2_tree.h"

namespace gateway::map {

// The compiled definitions of R4; null where they were not built.
inline const fhir::TypeModel* r4() {
  static const auto kDefinitions = [] {
    const char* named = std::getenv("WORKGATE_IMAGE");
    const std::string file =
        named != nullptr ? named
                         : std::string(GATEWAY_BINARY_DIR) + "/workgate.image";
    auto opened = fhir::Definitions::open(file);
    return opened ? *opened : fhir::SharedDefinitions();
  }();
  if (kDefinitions == nullptr) return nullptr;
  static const fhir::TypeModel kModel(*kDefinitions);
  return &kModel;
}

// A map of REF_I12 that emits what `emit` says, indented by two blanks.
inline std::vector<MapFile> files_with(const std::string& emit,
                                       std::vector<MapFile> others = {}) {
  others.push_back(
      {"m.yaml",
       "map: m\nversion: '1'\nsource: REF_I12\nevents: [REF^I12]\nemit:\n" +
           emit});
  return others;
}

// "m.yaml:7:3: text" for each problem.
inline std::string problems_of(const LoadedLibrary& loaded) {
  std::string all;
  for (const auto& problem : loaded.problems) {
    all += problem.place + ": " + problem.text + "\n";
  }
  return all;
}

// A message of type REF^I12 with these segments.
inline JsonDocument referral(const std::string& segments) {
  return parse::tree_of(*parse::Hl7v2Message::parse(
      "MSH|^~\\&|EHR|CLINIC|||20260401||REF^I12|1|P|2.5.1\r" + segments));
}

// The resources of the result, without what is around them.
inline std::string resources_of(const std::string& bundle) {
  std::string all;
  const auto document = JsonDocument::parse(bundle);
  if (!document) return "no JSON: " + document.error().message;
  for (const auto entry : document->root().get("entry")) {
    all += std::string(entry.get("resource").raw()) + "\n";
  }
  return all;
}

}  // namespace gateway::map
