#include "map/text_node.h"

namespace gateway::map {

bool is_blank(Json node) {
  return node.is_string() && !text_node(node).exists();
}

Json text_node(Json node) {
  while (node.is_object()) {
    const Json first = node.first();
    const auto name = first.name();
    if (name != "c1" && name != "s1") return {};
    node = first;
  }
  if (node.is_array()) return {};
  const auto text = node.text();  // numbers and booleans of documents too
  return text.empty() || text == "\"\"" ? Json() : node;
}

}  // namespace gateway::map
