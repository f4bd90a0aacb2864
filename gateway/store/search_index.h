// The texts by which resources are found: whoever writes index entries and
// whoever queries must use the same forms, so both call these functions.
//
//   reference   "Patient/17"           our own, without base and version
//   token       "system|code"          "|code" for no system, "system|" for
//                                      any code, "code" for any system
//   code        "active"               where the system is implied
//   instant     "2026-04-06T13:00:00Z" UTC, so that order of text is order of
//                                      time
// A query is an equality: a resource that is to be found by several forms has
// an entry for each. Case and accents count.

#pragma once

#include <string>
#include <string_view>

#include "base/date.h"
#include "fhir/resource.h"

namespace gateway::store {

std::string reference_value(const fhir::ResourceId& target);
std::string token_value(std::string_view system, std::string_view code);
std::string instant_value(Instant instant);

// Longer values are kept as their beginning and a 128-bit hash of the whole.
constexpr std::size_t kLongestValue = 128;

// Whether the rows of a value lie together for all parameters, or apart for
// each. All that refers to one patient is written and read together, so its
// rows share a page; those of "active" are many, and one parameter's must be
// found without stepping over the others'.
enum class Cluster : std::uint8_t { of_value, of_param };
Cluster cluster_of(std::string_view value);

// The form that lies in the store. Called by the store on both sides.
std::string stored_value(std::string_view value);

}  // namespace gateway::store
