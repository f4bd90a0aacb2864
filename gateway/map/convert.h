// Values of a source as FHIR primitives, by the type of the element that they
// are written to: HL7 v2 timestamps become dates and instants, NM becomes a
// number as JSON writes it, Y and N become booleans.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/zone.h"
#include "fhir/definition_rows.h"

namespace gateway::map {

enum class ConversionFault : std::uint8_t {
  none,
  no_value,   // nothing is left of it
  malformed,  // not of that type
  no_offset,  // a time without offset, and the partner has no zone
};

struct Converted {
  std::string text;  // as FHIR writes it, without quotes
  ConversionFault fault = ConversionFault::none;
};

// `zone` is the sender's: HL7 v2.5.1, 2.A.22 leaves times without offset to
// the sender's own zone.
Converted converted(std::string_view value, fhir::Primitive type,
                    const std::optional<Zone>& zone);

// The value without blanks around it, where FHIR writes it as it stands.
// Nothing if none is left, or `converted` has to make or to refuse it.
std::optional<std::string_view> unchanged(std::string_view value,
                                          fhir::Primitive type);

// A FHIR time with offset, `minutes` later.
Converted minutes_later(const std::string& time, std::string_view minutes);

// True for types that JSON writes without quotes.
bool is_bare(fhir::Primitive type);

}  // namespace gateway::map
