// The formats of FHIR's primitive types, by matchers written by hand: no regex
// engine sees input. https://hl7.org/fhir/R4/datatypes.html#primitive

#pragma once

#include <cstdint>
#include <string_view>

#include "base/json.h"
#include "fhir/definition_rows.h"

namespace gateway::fhir {

enum class FormatDefect : std::uint8_t {
  none,
  json_kind,  // a string where a number belongs, or the other way about
  empty,      // "" is no value in FHIR
  format,     // the text does not have the type's format
  no_offset,  // a date with a time, but without an offset from UTC
  range,      // the number is outside of the type's range
};

// kNone for names of types that are not primitive.
Primitive primitive_named(std::string_view type);
std::string_view primitive_name(Primitive type);
// The kind that its values have in JSON.
JsonKind json_kind(Primitive type);

// The defect of `value`, a boolean, number or string.
FormatDefect format_defect(Primitive type, Json value);
FormatDefect format_defect(Primitive type, std::string_view text);

// What a value of this type looks like, for people.
std::string_view format_hint(Primitive type);

}  // namespace gateway::fhir
