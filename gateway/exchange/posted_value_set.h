// A value set that an operation was given in its body instead of by its URL.
// It is compiled as an overlay of the image, for this one answer: nothing of it
// is kept. What a package may get wrong with a warning is refused here, since
// an expansion with a gap would look like a whole one.

#pragma once

#include <cstdint>
#include <string_view>

#include "exchange/operation_input.h"
#include "fhir/definitions.h"

namespace gateway::exchange {

struct ChosenValueSet {
  fhir::SharedDefinitions definitions;  // that have it
  std::uint32_t row = fhir::kNone;      // in their table
};

// The body itself, or the parameter `valueSet`; absent if there is neither.
Json posted_value_set(const OperationInput& input);

// The URL of a compiled value set, but empty where it was sent without one.
std::string_view own_url(std::string_view url);

// 422 if it is no value set, says nothing of its codes, includes itself or
// what is not known here, or is beyond all measure.
OrRefusal<ChosenValueSet> compile_value_set(
    Json value_set, const fhir::SharedDefinitions& definitions);

}  // namespace gateway::exchange
