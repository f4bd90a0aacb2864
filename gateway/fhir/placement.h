// Placement says what a node is by its definition: its element, its type and
// the nodes around it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "fhir/definitions.h"

namespace gateway::fhir {

struct Placement {
  Json node;
  const ElementRow* element = nullptr;  // nullptr for resources
  std::uint32_t shape = kNone;          // type of the value
};

// From the nearest resource around the node, or the node itself, to the node.
// Arrays are left out; the members of a primitive ("_birthDate") are placed
// as the primitive.
std::vector<Placement> placements(const Definitions& definitions, Json node);

}  // namespace gateway::fhir
