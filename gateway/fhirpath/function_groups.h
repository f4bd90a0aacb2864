// The parts of the table of functions, a file each.

#pragma once

#include <span>

#include "fhirpath/functions.h"

namespace gateway::fhirpath {

std::span<const Function> subset_functions();   // first(), tail(), exists() ...
std::span<const Function> set_functions();      // distinct(), union() ...
std::span<const Function> filter_functions();   // where(), select(), iif() ...
std::span<const Function> text_functions();     // substring(), upper() ...
std::span<const Function> pattern_functions();  // matches() ...
std::span<const Function> code_functions();     // encode(), escape() ...
std::span<const Function> number_functions();   // abs(), sqrt() ...
std::span<const Function> convert_functions();  // toInteger() ...
std::span<const Function> date_functions();     // now(), yearOf() ...
std::span<const Function> boundary_functions();  // lowBoundary() ...
std::span<const Function> type_functions();      // is(), ofType(), type() ...
std::span<const Function> fhir_functions();      // extension(), resolve() ...

// Helpers that all of them share.

// Answers of one that holds for every item, by `holds(value)`.
// The single text that a function works on: `present` is false for none.
struct Text {
  std::string_view text;
  bool present = false;
};
// Texts and primitives of FHIR; other values are an error.
bool text_of_part(Evaluation& run, const Op& op, const Part& part, Text& out);
bool text_focus(Evaluation& run, const Op& op, const Frame& frame, Text& out);
bool text_arg(Evaluation& run, const Op& op, std::size_t index,
              const Frame& frame, Text& out);
// A single integer argument.
struct Whole {
  std::int64_t value = 0;
  bool present = false;
};
bool whole_arg(Evaluation& run, const Op& op, std::size_t index,
               const Frame& frame, Whole& out);
// The single item that a function works on, as a System value.
bool single_focus(Evaluation& run, const Op& op, const Frame& frame,
                  Evaluation::Single& out);

}  // namespace gateway::fhirpath
