// Where a resource names other entries of its Bundle (FHIR R4,
// http.html#trules): Reference.reference, elements of the types uri, url, oid
// and uuid, and links of the narrative; canonical URLs and Identifier.value
// stay as they are.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/json_edit.h"

namespace gateway::exchange {

// A place where a resource may name another one.
struct Mention {
  enum class Kind : std::uint8_t { reference, uri, narrative };
  Kind kind = Kind::reference;
  std::string text;  // the URL itself, decoded
  ByteSpan span;     // of the JSON string; of the bare URL in a narrative
  Json node;
};

std::vector<Mention> mentions(Json resource);

// The edit that makes a mention name `target` instead.
TextEdit renamed(const Mention& mention, std::string_view target);

// "Patient?identifier=a|b"
bool is_conditional(std::string_view reference);

}  // namespace gateway::exchange
