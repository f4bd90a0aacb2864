// A message as JSON for people and scripts: each segment with its group, and
// each valued component with its path, name, data type, text and bytes.

#pragma once

#include <string>

#include "parse/hl7v2.h"

namespace gateway::parse {

std::string report(const Hl7v2Message& message);

}  // namespace gateway::parse
