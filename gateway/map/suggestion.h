// The end of a message about an unknown name: what may have been meant.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/nearest.h"

namespace gateway::map {

// "; did you mean PID?", or empty if no name is near.
inline std::string suggestion(std::string_view written,
                              const std::vector<std::string_view>& names) {
  const auto near = fhir::nearest(written, names);
  if (near.empty()) return {};
  return "; did you mean " + std::string(near) + "?";
}

}  // namespace gateway::map
