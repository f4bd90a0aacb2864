// The keys of a rule: our own, which begin with '$', and names of FHIR's
// elements. Names are checked even where no types are at hand, because they
// are written into bodies as they stand.

#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::map {

constexpr std::array<std::string_view, 13> kValueKeys{
    "$from",  "$each",      "$when",       "$use",       "$choice",
    "$table", "$onMissing", "$onUnmapped", "$onInvalid", "$ref",
    "$match", "$plus",      "$note"};

// A letter, then letters and digits, 64 at most (FHIR R4, ElementDefinition,
// eld-16 and eld-19); '_' may stand before that of a primitive.
bool is_element_name(std::string_view name);
// Of a resource or a type: the same, but with a capital and without '_'.
bool is_type_name(std::string_view name);

// What is wrong with a key of `owner` that is no name of an element, and what
// may have been meant.
std::string element_name_problem(std::string_view name, std::string_view owner);

// What is wrong with the name of a resource's type.
std::string type_name_problem(std::string_view name);

}  // namespace gateway::map
