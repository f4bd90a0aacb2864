// A message as a tree, for maps and FHIRPath.
//
// {"MSH": {...}, "INSURANCE": [{"IN1": {...}, "IN2": {...}}, ...]}: groups and
// segments by name, those that occur more than once as arrays. A segment's
// members are its valued fields "f5", repeated ones as arrays; a field with
// more than its first component is {"c1": ..., "c4": {"s1": ...}}, else a
// string, likewise a component. So a lone component is equal to component 1
// and to subcomponent 1 (HL7 v2.5.1, 2.5.3). Each string has the bytes that it
// was decoded from, and what has members those from its first to its last.
// Field names by number are in hl7v2_fields.h.

#pragma once

#include "base/json.h"
#include "base/key_table.h"
#include "parse/hl7v2.h"
#include "parse/hl7v2_group.h"

namespace gateway::parse {

// Numbers of the member names, for those who walk trees by number.
const KeyTable& hl7v2_keys();
KeyId field_key(std::uint32_t field);                // "f5"
KeyId component_key(std::uint32_t component);        // "c1"
KeyId subcomponent_key(std::uint32_t subcomponent);  // "s1"

// Fields up to 200, components and subcomponents up to 60 have numbers; those
// beyond are only in the bytes.
constexpr std::uint32_t kMostFields = 200;
constexpr std::uint32_t kMostComponents = 60;

// How many repetitions the first PID-3 has; 0 without one.
std::uint32_t patient_number_count(const Hl7v2Message& message);

// `first_number`: the repetition of PID-3, counted from 0, that comes before
// the others. They have no order (HL7 v2.8.1, 3.4.2.3), but who is known by one
// of them is named by that one.
JsonDocument tree_of(const Hl7v2Message& message, const Hl7v2Groups& groups,
                     std::uint32_t first_number = 0);

// Groups and builds, with the structure that the header names.
JsonDocument tree_of(const Hl7v2Message& message,
                     std::uint32_t first_number = 0);

}  // namespace gateway::parse
