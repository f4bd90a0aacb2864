// Narrative: the XHTML of Narrative.div, which may hold text, tables, lists,
// images and links, but nothing that acts.
// https://hl7.org/fhir/R4/narrative.html#xhtml

#pragma once

#include <string>
#include <string_view>

namespace gateway::validate {

// What is wrong with it; empty if nothing.
std::string narrative_defect(std::string_view xhtml);

}  // namespace gateway::validate
