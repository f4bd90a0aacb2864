// The findings of maps: what was missing, unknown or unreadable, at which place
// of the message. They name elements, tables and codes, never other values.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "fhir/outcome.h"
#include "map/convert.h"
#include "map/rule.h"

namespace gateway::map {

fhir::Finding missing_finding(const Rule& rule, const Expression& from,
                              ByteSpan scope);
// At the place of a value of the message, where there is one.
fhir::Finding found_at(fhir::Finding finding, Json message, ByteSpan value);
fhir::Finding unmapped_finding(const Rule& rule, std::string_view table,
                               std::string_view code, ByteSpan span);
fhir::Finding invalid_finding(const Rule& rule, ConversionFault fault,
                              ByteSpan span);

// An element of several types got a second one.
fhir::Finding two_types_finding(const Rule& second, ByteSpan span);

// A code that no table knows: the message is mapped anew once a row says what
// it means.
struct MissingRow {
  std::string table;
  std::string code;   // empty where it does not look like one
  std::string place;  // "PID-8"
};

MissingRow missing_row(std::string_view table, const fhir::Finding& unmapped);

// FHIRPath could not evaluate an expression on this data.
fhir::Finding unforeseen_finding(const Rule* rule, const Error& error,
                                 ByteSpan scope);

// A message is about one patient: what a second PID says would be lost.
std::optional<fhir::Finding> second_patient(Json message);

// A code as it may be shown: one that looks like a code, else nothing of it.
std::string shown_code(std::string_view code);

}  // namespace gateway::map
