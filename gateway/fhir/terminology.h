// Terminology answers from compiled code lists: is a code in a value set, does
// a code system have it, what is its display. What cannot be known here
// (SNOMED CT, LOINC ...) is `unknown`, and is never a silent yes.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fhir/definitions.h"

namespace gateway::fhir {

enum class Membership : std::uint8_t { no, yes, unknown };

// Of a code whose system is not written, as in elements of type code.
Membership code_in(const Definitions& definitions, std::uint32_t value_set,
                   std::string_view code);
Membership coding_in(const Definitions& definitions, std::uint32_t value_set,
                     std::string_view system, std::string_view code);

// Whether the system has the code; unknown if we do not hold the system.
Membership code_exists(const Definitions& definitions, std::string_view system,
                       std::string_view code);
// The code's row; kNone if it is not listed.
std::uint32_t find_code(const Definitions& definitions, std::string_view system,
                        std::string_view code);

// Whether a code of an external system has that system's format. Yes only
// where the format is all that there is to know (languages, media types).
Membership code_format(std::string_view system, std::string_view code);

struct ExpandedCode {
  std::string_view system;
  std::string_view code;
  std::string_view display;
  bool is_abstract = false;  // it groups others, and is never used itself
};
struct ValueSetExpansion {
  std::vector<ExpandedCode> codes;
  bool is_complete = true;  // false: it has codes that cannot be listed
};
// $expand, at most `limit` codes.
ValueSetExpansion expand(const Definitions& definitions,
                         std::uint32_t value_set, std::size_t limit);

// The systems of which the value set has codes that cannot be listed.
std::vector<std::string_view> unlisted_systems(const Definitions& definitions,
                                               std::uint32_t value_set);

// Displays are the same in any case (R4, datatypes.html#Coding).
bool same_display(std::string_view a, std::string_view b);

// The system's code that `code` is nearest to; empty if none is near.
std::string_view nearest_code(const Definitions& definitions,
                              std::uint32_t system, std::string_view code);

}  // namespace gateway::fhir
