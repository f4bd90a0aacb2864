#include "validate/answer_order.h"

#include <re2/re2.h>

#include "fhirpath/pattern.h"
#include "validate/value_range.h"

namespace gateway::validate {

std::optional<std::strong_ordering> compare_answers(Json value, Json bound) {
  if (value.is_string() && bound.is_string()) {
    return value.text() <=> bound.text();
  }
  if (value.is_object() && !value.get("code").exists()) return std::nullopt;
  return compare_values(value, bound);
}

bool matches_pattern(std::string_view text, std::string_view pattern) {
  const auto compiled = fhirpath::compiled_pattern(pattern);
  return !compiled || fhirpath::matches_all_of(*compiled, text);
}

}  // namespace gateway::validate
