// Which values a requirement may hold against each other: facts have types of
// their own, elements of resources those of FHIR.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhirpath/static_type.h"
#include "program/facts.h"

namespace gateway::program {

// "a number".
std::string_view word(FactType type);

// One operand: a fact or literal, an element, or neither known.
struct Side {
  std::optional<FactType> type;
  fhirpath::TypeId element = fhirpath::kUntyped;
};

// "a text", "a code": for people.
std::string described(const fhirpath::Types& types, const Side& side);

// False if no value of one side can go with one of the other: an order of a
// text and a number has no answer, and an equality is never true.
bool can_meet(const fhirpath::Types& types, fhirpath::Operator op,
              const Side& left, const Side& right);

}  // namespace gateway::program
