#include "program/predicate_types.h"

namespace gateway::program {
namespace {

using fhirpath::StaticType;
using fhirpath::ValueKind;

StaticType type_of(const Side& side) {
  if (side.element != fhirpath::kUntyped) {
    return StaticType::of(side.element);
  }
  if (!side.type) return {};
  switch (*side.type) {
    case FactType::truth:
      return StaticType::of(ValueKind::boolean);
    case FactType::number: {
      auto number = StaticType::of(ValueKind::integer);
      number.add(fhirpath::system_type(ValueKind::decimal));
      return number;
    }
    case FactType::text:
      return StaticType::of(ValueKind::string);
    case FactType::date:
      return StaticType::of(ValueKind::date);
  }
  return {};
}

// What has an order may be equal, and what is of one kind; of complex values,
// only those of one type.
bool can_equal(const fhirpath::Types& types, fhirpath::TypeId left,
               fhirpath::TypeId right) {
  if (left == right) return true;
  const auto kind = fhirpath::operand_kind(types, left);
  const auto other = fhirpath::operand_kind(types, right);
  if (kind == ValueKind::node || other == ValueKind::node) return false;
  StaticType result;
  return kind == other ||
         fhirpath::combine_types(types, fhirpath::Operator::less,
                                 StaticType::of(left), StaticType::of(right),
                                 result);
}

}  // namespace

std::string_view word(FactType type) {
  switch (type) {
    case FactType::truth:
      return "a truth value";
    case FactType::number:
      return "a number";
    case FactType::text:
      return "a text";
    case FactType::date:
      return "a date";
  }
  return "";
}

std::string described(const fhirpath::Types& types, const Side& side) {
  if (side.type) return std::string(word(*side.type));
  if (side.element == fhirpath::kUntyped) return "a value";
  return "a " + std::string(types.name(side.element));
}

bool can_meet(const fhirpath::Types& types, fhirpath::Operator op,
              const Side& left, const Side& right) {
  if (left.element == fhirpath::kUntyped &&
      right.element == fhirpath::kUntyped) {
    return true;  // facts are compared by their own types
  }
  if (types.model() == nullptr) return true;
  const auto a = type_of(left);
  const auto b = type_of(right);
  StaticType result;
  const bool equality =
      op == fhirpath::Operator::equal || op == fhirpath::Operator::not_equal;
  if (!equality) return fhirpath::combine_types(types, op, a, b, result);
  if (!a.known() || !b.known()) return true;
  for (const auto x : a.types) {
    for (const auto y : b.types) {
      if (can_equal(types, x, y)) return true;
    }
  }
  return false;
}

}  // namespace gateway::program
