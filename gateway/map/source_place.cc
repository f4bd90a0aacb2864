#include "map/source_place.h"

#include "fhir/outcome.h"

namespace gateway::map {
namespace {

bool is_segment_name(std::string_view name) {
  return name.size() == 3 && name[0] >= 'A' && name[0] <= 'Z';
}

// The node of the source with those bytes.
Json source_node(Json node, ByteSpan span) {
  for (const auto child : node) {
    const auto inner = child.span();
    if (inner == span && child.size() == 0) return child;
    if (inner.begin <= span.begin && inner.end >= span.end) {
      const auto found = source_node(child, span);
      if (found.exists()) return found;
    }
  }
  return {};
}

}  // namespace

std::string source_path_of(Json node) {
  std::string field;
  for (Json at = node; at.exists(); at = at.parent()) {
    const auto name = at.name();
    const auto parent = at.parent();
    if (is_segment_name(name)) return std::string(name) + field;
    if (parent == at) break;
    if (parent.is_array()) {
      if (is_segment_name(parent.name())) continue;
      // As the bytes lie, however the tree has them.
      std::size_t index = 1;
      for (const auto item : parent) {
        if (item.span().begin < at.span().begin) ++index;
      }
      field = "[" + std::to_string(index) + "]" + field;
    } else if (name.starts_with('f')) {
      field = "-" + std::string(name.substr(1)) + field;
    } else if (name.starts_with('c') || name.starts_with('s')) {
      field = "." + std::string(name.substr(1)) + field;
    }
  }
  return fhir::fhirpath_of(node);
}

std::string source_path_at(Json root, ByteSpan span) {
  const auto node = source_node(root, span);
  return node.exists() ? source_path_of(node) : std::string();
}

}  // namespace gateway::map
