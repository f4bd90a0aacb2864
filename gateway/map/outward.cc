#include "map/outward.h"

#include <algorithm>
#include <utility>

#include "map/outward_program.h"

namespace gateway::map {
namespace {

// A partner's own choice is another expression than the program has.
bool chooses(const Overlay& overlay, const CheckedMap& map) {
  return std::any_of(overlay.choices.begin(), overlay.choices.end(),
                     [&map](const auto& one) { return one.map == &map; });
}

Error no_map(const DocumentType& type) {
  return {ErrorCode::fault, "there is no map of a " + std::string(type.name) +
                                " in mappings/emit"};
}

Error failed(const CheckedMap& map, const MapOutput& output) {
  std::string text = "the map " + map.name + " gives no resource";
  for (const auto& finding : output.outcome.findings()) {
    text += "; " + finding.source + ": " + finding.text;
  }
  return {ErrorCode::fault, std::move(text)};
}

Result<std::string> by_engine(const MapSet& set, const CheckedMap& map,
                              const Document& document,
                              std::string_view partner) {
  auto proof = prove(set, document, partner);
  if (!proof) return proof.error();
  const auto& output = proof->output;
  const auto bundle = JsonDocument::parse(output.bundle);
  if (!bundle || output.verdict != Verdict::mapped) return failed(map, output);
  const auto resource =
      bundle->root().get("entry").first().get("resource").raw();
  if (resource.empty()) return failed(map, output);
  return std::string(resource);
}

}  // namespace

Result<std::string> emit(const MapSet& set, const Document& document,
                         std::string_view partner) {
  const auto& type = document.type(Document::kRoot);
  const auto* map = set.library->for_document(type);
  if (map == nullptr) return no_map(type);
  const auto& overlay = set.overlay(partner);
  if (map->program == nullptr || chooses(overlay, *map)) {
    return by_engine(set, *map, document, partner);
  }
  auto text = map->program->run(document, overlay, set.library->tables);
  if (text.empty()) return failed(*map, {});
  return text;
}

Result<EmissionProof> prove(const MapSet& set, const Document& document,
                            std::string_view partner) {
  const auto& type = document.type(Document::kRoot);
  const auto* map = set.library->for_document(type);
  if (map == nullptr) return no_map(type);
  EmissionProof proof{document_json(document), {}};
  const auto source = JsonDocument::parse(proof.source);
  if (!source) return source.error();
  proof.output = run(*set.library, *map, source->root(),
                     {.overlay = &set.overlay(partner), .explain = true});
  return proof;
}

std::string identity_of(const CheckedMap& map) {
  return map.name + "|" + map.hash;
}

Status check_complete(const MapLibrary& library) {
  for (const auto name : document_names()) {
    const auto* type = document_named(name);
    if (library.for_document(*type) == nullptr) return no_map(*type);
  }
  return Done{};
}

}  // namespace gateway::map
