// ElementTree arranges the flat list of a snapshot as a tree: members under
// their elements, slices beside the element that they slice.

#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "fhir/element_definition.h"

namespace gateway::fhir {

struct ElementNode {
  const ElementDefinition* element = nullptr;
  std::vector<std::unique_ptr<ElementNode>> members;
  std::vector<std::unique_ptr<ElementNode>> slices;
};

// `elements` must outlive the tree. An empty list has no root.
std::unique_ptr<ElementNode> element_tree(
    const std::vector<ElementDefinition>& elements);

// "value" for both value[x] and, where its base is value[x], valueQuantity.
std::string_view plain_name(const ElementDefinition& element);

}  // namespace gateway::fhir
