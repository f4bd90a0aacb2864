// What the terminology operations are asked about: a value set or code system
// by its URL, and codes as text, Coding or CodeableConcept.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/operation_input.h"
#include "exchange/posted_value_set.h"
#include "fhir/definitions.h"

namespace gateway::exchange {

// A canonical URL and the version that may stand behind it.
struct Versioned {
  std::string_view url;
  std::string_view version;  // empty: any
};
Versioned versioned(std::string_view canonical);
// Whether what is held in version `held` is not what was asked for. "4.0" asks
// for any of its patches.
bool is_other_version(std::string_view asked, std::string_view held);
// What whoever asked for it is told.
fhir::Finding other_version(std::string place, std::string_view held);

// The value set that was sent along, or that `url` names; 400 without one, 404
// (with the nearest that there is) if the image has no such, or has it in
// another version.
OrRefusal<ChosenValueSet> value_set_parameter(
    const OperationInput& input, const fhir::SharedDefinitions& definitions);

struct AskedCode {
  std::string system;   // empty if it was not given
  std::string version;  // of the system; empty: any
  std::string code;
  std::string display;
  std::string place;  // of the code, as a FHIRPath
};
// Of `code` and `system`, or of `coding` or `codeableConcept`, in this order;
// 400 if there is none, or a Coding without code. `system` may stand under
// another name ("url" for code systems).
OrRefusal<std::vector<AskedCode>> asked_codes(const OperationInput& input,
                                              std::string_view system);

}  // namespace gateway::exchange
