// StaticType is what the compiler knows of a collection before any data: the
// types that its items may have, and whether they have an order.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhirpath/functions.h"
#include "fhirpath/syntax.h"
#include "fhirpath/types.h"

namespace gateway::fhirpath {

struct StaticType {
  bool any = true;  // nothing is known
  bool ordered = true;
  std::vector<TypeId> types;  // empty and not `any`: {}

  static StaticType of(TypeId type) { return {false, true, {type}}; }
  static StaticType of(ValueKind kind) { return of(system_type(kind)); }
  static StaticType nothing() { return {false, true, {}}; }
  void add(TypeId type);
  void merge(const StaticType& other);
  [[nodiscard]] bool known() const { return !any && !types.empty(); }
};

// What operators take an item of this type for; ValueKind::node for complex
// types.
ValueKind operand_kind(const Types& types, TypeId type);

// False if no value of `left` can go with one of `right`; `result` is what
// comes out.
bool combine_types(const Types& types, Operator op, const StaticType& left,
                   const StaticType& right, StaticType& result);

// The element `name` of `owner`: the types and JSON names that it may have.
// False if there is none.
struct ElementTypes {
  StaticType type;
  std::vector<fhir::TypeChoice> choices;
};
bool element_types(const Types& types, TypeId owner, std::string_view name,
                   ElementTypes& out);

// The element of `owner` that is most like `name`, or nothing.
std::string_view nearest_element(const Types& types, TypeId owner,
                                 std::string_view name);
// Edits that lead from one word to the other.
std::size_t edit_distance(std::string_view from, std::string_view to);

}  // namespace gateway::fhirpath
