// What is known is found, not changed, by most messages of HL7 v2: a patient
// changes by ADT^A08. Whatever such a message says of it otherwise is told, so
// that nobody takes it for stored.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "fhir/outcome.h"

namespace gateway::server {

// The elements of `sent` that say what the stored resource does not say; where
// they refer to is left aside. Empty if `stored` is no JSON.
std::vector<std::string> not_stored(std::string_view stored, Json sent);

// Of a resource at `expression` that was found; nothing if it says no more than
// what is stored. It stops nothing.
std::optional<fhir::Finding> kept_as_stored(std::string_view stored, Json sent,
                                            const std::string& expression);

}  // namespace gateway::server
