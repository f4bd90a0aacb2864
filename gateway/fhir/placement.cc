#include "fhir/placement.h"

#include <algorithm>

namespace gateway::fhir {
namespace {

constexpr std::size_t kUsualDepth = 16;

}  // namespace

std::vector<Placement> placements(const Definitions& definitions, Json node) {
  std::vector<Json> way;
  way.reserve(kUsualDepth);
  auto shape = kNone;
  for (Json at = node; at.exists(); at = at.parent()) {
    way.push_back(at);
    const Json type = at.get(definitions.names.resource_type);
    if (type.is_string()) {
      shape = definitions.type_named(type.text());
      if (shape != kNone) break;
    }
    if (at.index() == 0) break;
  }
  std::reverse(way.begin(), way.end());
  std::vector<Placement> placed;
  placed.reserve(way.size());
  const ElementRow* element = nullptr;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const Json at = way[i];
    if (i > 0 && at.key() != kNoKey) {
      const auto* slot =
          shape == kNone
              ? nullptr
              : definitions.slot(definitions.shapes[shape], at.key());
      if (slot == nullptr) return placed;
      const auto& owner = definitions.shapes[shape];
      element = &definitions.elements[owner.elements.first + slot->element];
      shape = definitions.types[element->types.first + slot->type].shape;
    }
    if (!at.is_array()) placed.push_back({at, element, shape});
  }
  return placed;
}

}  // namespace gateway::fhir
