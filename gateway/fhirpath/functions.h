// The functions of FHIRPath, as one table (functions.cc): what each takes, what
// it gives, and the code that runs it.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "fhirpath/evaluation.h"

namespace gateway::fhirpath {

// What the type checker must know of a result.
enum class Gives : std::uint8_t {
  boolean,
  integer,
  decimal,
  string,
  quantity,
  date,
  date_time,
  time,
  focus,     // items of the input
  argument,  // what the first argument gives for each item
  either,    // items of the input and of the arguments
  chosen,    // iif(): of the second and third arguments
  named,     // ofType() and as(): the type of the argument
  extension,
  children,
  number,  // the input's own kind of number
  anything,
};

enum class Takes : std::uint8_t {
  values,       // arguments see the caller's $this
  expressions,  // arguments are evaluated with each item as $this
  type,         // the argument is the name of a type
};

// Bits of Function::flags.
constexpr std::uint8_t kNeedsOrder = 1;  // wrong on children(): no order
constexpr std::uint8_t kLosesOrder = 2;  // gives no order
constexpr std::uint8_t kSingular = 4;    // gives at most one item
constexpr std::uint8_t kGivesOrder = 8;

struct Function {
  std::string_view name;
  std::uint8_t least = 0;  // arguments
  std::uint8_t most = 0;
  Takes takes = Takes::values;
  std::uint8_t outer = 0;  // bits: arguments that see the caller's $this
  Gives gives = Gives::anything;
  std::uint8_t flags = 0;
  // Exactly one is set: `run` pushes a collection, `ask` answers.
  bool (*run)(Evaluation&, const Op&, const Frame&) = nullptr;
  Answer (*ask)(Evaluation&, const Op&, const Frame&) = nullptr;
};

std::span<const Function> functions();
// Row of functions(), or its size.
std::uint32_t function_named(std::string_view name);

}  // namespace gateway::fhirpath
