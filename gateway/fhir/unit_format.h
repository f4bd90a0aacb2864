// Whether a text can be a UCUM code, by the grammar and the unit symbols of
// The Unified Code for Units of Measure 2.1 (https://ucum.org/ucum), case
// sensitive. Symbols in brackets, as [lb_av], are taken by their form:
// customary units and arbitrary ones are too many to be listed here.

#pragma once

#include <string_view>

namespace gateway::fhir {

bool is_unit_code(std::string_view code);

}  // namespace gateway::fhir
