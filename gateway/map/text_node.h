// The text that a node of a message's tree stands for: HL7 v2 lets a component
// stand for its first subcomponent, and a field for its first component.

#pragma once

#include "base/json.h"

namespace gateway::map {

// Text of a node: of a field its first component, of that its first
// subcomponent. The node that bears it, or absent where it is empty or "".
Json text_node(Json node);

// An empty repetition: it keeps its place in the tree, and is nothing.
bool is_blank(Json node);

}  // namespace gateway::map
