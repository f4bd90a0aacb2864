#include "fhir/element_tree.h"

#include <algorithm>

namespace gateway::fhir {
namespace {

constexpr std::string_view kChoiceEnd = "[x]";

std::size_t depth_of(std::string_view path) {
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), '.'));
}

// The node among `nodes` that slices named `name` divide further.
ElementNode* sliced(std::vector<std::unique_ptr<ElementNode>>& nodes,
                    const ElementDefinition& element) {
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if (plain_name(*(*node)->element) != plain_name(element)) continue;
    const auto slash = element.slice_name.rfind('/');
    if (slash == std::string_view::npos) return node->get();
    // A slice of a slice stands under the one that its name begins with.
    const auto outer = element.slice_name.substr(0, slash);
    for (auto& slice : (*node)->slices) {
      if (slice->element->slice_name == outer) return slice.get();
    }
    return node->get();
  }
  return nullptr;
}

}  // namespace

std::string_view plain_name(const ElementDefinition& element) {
  auto name = element.name();
  if (name.ends_with(kChoiceEnd)) {
    name.remove_suffix(kChoiceEnd.size());
    return name;
  }
  auto base = element.base_path;
  if (!base.ends_with(kChoiceEnd)) return name;
  base.remove_suffix(kChoiceEnd.size());
  base.remove_prefix(base.rfind('.') + 1);
  return name.starts_with(base) ? base : name;
}

std::unique_ptr<ElementNode> element_tree(
    const std::vector<ElementDefinition>& elements) {
  if (elements.empty()) return nullptr;
  auto root = std::make_unique<ElementNode>();
  root->element = &elements.front();
  std::vector<ElementNode*> open{root.get()};
  for (std::size_t i = 1; i < elements.size(); ++i) {
    const auto& element = elements[i];
    const auto depth = depth_of(element.path);
    if (depth == 0 || depth > open.size()) continue;  // its parent is missing
    auto node = std::make_unique<ElementNode>();
    node->element = &element;
    auto* const place = node.get();
    auto& siblings = open[depth - 1]->members;
    auto* const outer =
        element.slice_name.empty() ? nullptr : sliced(siblings, element);
    (outer != nullptr ? outer->slices : siblings).push_back(std::move(node));
    open.resize(depth);
    open.push_back(place);
  }
  return root;
}

}  // namespace gateway::fhir
