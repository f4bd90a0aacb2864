// Names of places in a source, for people: the way back from a node, or from
// bytes, to "PID-5.1".

#pragma once

#include <string>

#include "base/json.h"

namespace gateway::map {

// "PID-5.1" for a node of a message's tree; a dotted path for documents.
std::string source_path_of(Json node);

// Of the value with those bytes; empty if there is none.
std::string source_path_at(Json root, ByteSpan span);

}  // namespace gateway::map
