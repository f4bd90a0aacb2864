// Problem says why an expression cannot be compiled or evaluated.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gateway::fhirpath {

enum class ProblemKind : std::uint8_t {
  syntax,     // not FHIRPath
  semantic,   // breaks the rules of types: can never work
  execution,  // met on this data
  budget,     // would cost more than the limits allow
};

struct Problem {
  ProblemKind kind = ProblemKind::syntax;
  std::string message;    // what is wrong, and what to write instead
  std::size_t place = 0;  // byte of the expression
};

// "syntax", "semantic", "execution"; a budget counts as execution.
std::string_view name(ProblemKind kind);
// "semantic error at byte 12: ...".
Error error(const Problem& problem);

}  // namespace gateway::fhirpath
