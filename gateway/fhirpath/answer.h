// The lines that `workgate fhirpath --ndjson` reads and writes, as pure
// functions: one JSON object in, one out.
//
//   {"id","expression","resource"?,"check"?:true,"predicate"?:true}
//   {"id","result":[{"type","value"}]}
//   {"id","error":"syntax|semantic|execution","message"}
//
// `resource` is an object or its text. Its type is known to the compiler, so
// that names that it does not have are semantic errors.

#pragma once

#include <string>
#include <string_view>

#include "fhirpath/expression.h"

namespace gateway::fhirpath {

// A line without its line break. `model` may be nullptr: then resources are
// untyped.
std::string answer_line(std::string_view line, const fhir::TypeModel* model,
                        const Environment& environment);

// [{"type":"code","value":"male"}]: dates and times with "@", System types in
// small letters, but Quantity; complex values as their JSON.
std::string results_json(std::span<const Value> values, const Types& types);

// The result of one expression on one resource (absent: none).
Result<std::string> answer(std::string_view expression, Json resource,
                           const fhir::TypeModel* model,
                           const Environment& environment);

}  // namespace gateway::fhirpath
