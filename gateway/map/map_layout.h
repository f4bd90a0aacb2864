// The one form of a map file: two blanks a level, lists within their key, one
// way to part tokens, no blanks at the ends of lines, at most one empty line,
// and a line break at the end. Comments, order and quotes stay.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace gateway::map {

// Refuses a file that is no YAML, as a tab where blanks are due, and one that
// would say something else afterwards; the message begins with its place.
Result<std::string> laid_out(std::string_view text, const std::string& file);

}  // namespace gateway::map
