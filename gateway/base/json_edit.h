// Edits of JSON text that leave every other byte alone, and the comparison
// that the rules for business keys need.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace gateway {

struct TextEdit {
  ByteSpan span;  // of the source; empty to insert
  std::string replacement;
};

// `source` with all edits made. REQUIRES: the spans do not overlap.
std::string edited(std::string_view source, std::vector<TextEdit> edits);

// Edits that set member `name` of `object` to the JSON text `value`: its value
// is replaced, or the member is put behind the first one (so that
// `resourceType` stays first).
TextEdit set_member(Json object, std::string_view name, std::string_view value);

// A text equal for exactly those values that are equal as JSON: member order
// and white space do not count, and numbers count as they are written, since
// FHIR tells 1.0 from 1.00. Members of the top object that `except` names are
// left out.
std::string canonical_json(Json value,
                           const std::vector<std::string_view>& except = {});

}  // namespace gateway
