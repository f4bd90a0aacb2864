// How many components a data type has, and of which types, in any version up
// to 2.8.2: a map that names one beyond them can never find anything there.
//
// Our own table of facts (HL7 v2.8.2, chapter 2A; and 2.5.1 for those that
// were withdrawn). What it lacks is not limited.

#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::parse {

// The type of a field that has the most components in any version; empty
// where senders may put anything.
std::string_view widest_type(std::string_view segment, std::uint32_t field);

// 0 if the type is not known, or varies.
std::uint32_t component_count(std::string_view type);

// The type of its component; empty where it is not known.
std::string_view component_type(std::string_view type, std::uint32_t number);

}  // namespace gateway::parse
