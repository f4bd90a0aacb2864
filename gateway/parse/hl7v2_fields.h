// Names and data types of fields, for people who read messages and maps.
//
// Our own table of facts for the segments that we map: HL7 v2.5.1, and what
// 2.8.1 added or changed. Earlier versions have the names of 2.5.1.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gateway::parse {

struct Hl7v2Field {
  std::string_view name;  // "Patient Name"; empty if the table lacks it
  std::string_view type;  // "XPN"
};

Hl7v2Field field_of(std::string_view segment, std::uint32_t field,
                    std::string_view version);

// The highest number of a field in any version up to 2.8.2; 0 for segments
// that the table does not know.
std::uint32_t field_count(std::string_view segment);

// The table as it is written: separated by '|'.
struct Hl7v2FieldNames {
  std::string_view segment;
  std::string_view fields;
};
const std::vector<Hl7v2FieldNames>& field_names_251();
const std::vector<Hl7v2FieldNames>& field_names_281();

}  // namespace gateway::parse
