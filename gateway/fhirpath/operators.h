// What the operators of FHIRPath mean for single values (FHIRPath 2.0, 6).

#pragma once

#include "fhirpath/evaluation.h"
#include "fhirpath/syntax.h"

namespace gateway::fhirpath {

// `=` and `~` of two items.
Truth equal(Evaluation& run, const Value& left, const Value& right);
bool equivalent(Evaluation& run, const Value& left, const Value& right);
// A number that equal items share; items that differ seldom share one.
std::uint64_t equality_hash(Evaluation& run, const Value& value);

// Of whole collections.
Answer equal(Evaluation& run, const Part& left, const Part& right);
Answer equivalent(Evaluation& run, const Part& left, const Part& right);

// `<` and its kin. Nothing if the kinds cannot be compared.
std::optional<Order> compare(Evaluation& run, const Value& left,
                             const Value& right);

// Pushes the result; empty on overflow and on division by zero.
bool arithmetic(Evaluation& run, const Op& op, const Frame& frame);

Answer comparison(Evaluation& run, const Op& op, const Frame& frame);
Answer equality(Evaluation& run, const Op& op, const Frame& frame);
Answer membership(Evaluation& run, const Op& op, const Frame& frame);
Answer logic(Evaluation& run, const Op& op, const Frame& frame);

// Whether a value is of a type, or of one that derives from it.
bool is_of_type(Evaluation& run, const Value& value, TypeId type);
// For as() and ofType(): a primitive must be of exactly this type, since they
// give no code where a string is asked for (R4 test suite, testInheritance).
bool passes_as_type(Evaluation& run, const Value& value, TypeId type);

// Removes items that equal an earlier one, from `begin` to the top.
bool make_distinct(Evaluation& run, std::uint32_t begin);

}  // namespace gateway::fhirpath
