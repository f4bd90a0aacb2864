#include "fhirpath/static_type.h"

#include <algorithm>
#include <numeric>

namespace gateway::fhirpath {
namespace {

bool is_number(ValueKind kind) {
  return kind == ValueKind::integer || kind == ValueKind::decimal;
}
bool is_measure(ValueKind kind) {
  return is_number(kind) || kind == ValueKind::quantity;
}

ValueKind number_kind(Operator op, ValueKind left, ValueKind right) {
  if (op == Operator::divide) return ValueKind::decimal;
  if (op == Operator::div) return ValueKind::integer;
  return left == ValueKind::integer && right == ValueKind::integer
             ? ValueKind::integer
             : ValueKind::decimal;
}

// What `op` makes of the two kinds; node: it does not take them.
ValueKind arithmetic_kind(Operator op, ValueKind left, ValueKind right) {
  const bool adds = op == Operator::plus || op == Operator::minus;
  if (is_number(left) && is_number(right)) return number_kind(op, left, right);
  if (adds && is_temporal(left) && right == ValueKind::quantity) return left;
  if (op == Operator::plus && left == ValueKind::string &&
      right == ValueKind::string) {
    return ValueKind::string;
  }
  const bool whole = op == Operator::div || op == Operator::mod;
  if (!whole && is_measure(left) && is_measure(right)) {
    return ValueKind::quantity;
  }
  return ValueKind::node;
}

bool are_ordered(ValueKind left, ValueKind right) {
  if (is_temporal(left) && is_temporal(right)) {
    return (left == ValueKind::time) == (right == ValueKind::time);
  }
  if (is_measure(left) && is_measure(right)) return true;
  return left == ValueKind::string && right == ValueKind::string;
}

bool is_comparison(Operator op) {
  return op == Operator::less || op == Operator::less_or_equal ||
         op == Operator::greater || op == Operator::greater_or_equal;
}

bool is_arithmetic(Operator op) {
  return op == Operator::plus || op == Operator::minus ||
         op == Operator::multiply || op == Operator::divide ||
         op == Operator::div || op == Operator::mod;
}

}  // namespace

void StaticType::add(TypeId type) {
  if (type == kUntyped) {
    any = true;
  } else if (std::find(types.begin(), types.end(), type) == types.end()) {
    types.push_back(type);
  }
}

void StaticType::merge(const StaticType& other) {
  any = any || other.any;
  ordered = ordered && other.ordered;
  for (const auto type : other.types) add(type);
}

ValueKind operand_kind(const Types& types, TypeId type) {
  using fhir::Primitive;
  if (is_system(type)) return static_cast<ValueKind>(type - kSystemTypes);
  if (types.is_quantity(type)) return ValueKind::quantity;
  if (!types.is_primitive(type)) return ValueKind::node;
  switch (types.primitive(type)) {
    case Primitive::boolean:
      return ValueKind::boolean;
    case Primitive::integer:
    case Primitive::positive_int:
    case Primitive::unsigned_int:
      return ValueKind::integer;
    case Primitive::decimal:
      return ValueKind::decimal;
    case Primitive::date:
      return ValueKind::date;
    case Primitive::date_time:
    case Primitive::instant:
      return ValueKind::date_time;
    case Primitive::time:
      return ValueKind::time;
    case Primitive::none:
    case Primitive::base64_binary:
    case Primitive::canonical:
    case Primitive::code:
    case Primitive::id:
    case Primitive::markdown:
    case Primitive::oid:
    case Primitive::string:
    case Primitive::uri:
    case Primitive::url:
    case Primitive::uuid:
    case Primitive::xhtml:
      break;
  }
  return ValueKind::string;
}

bool combine_types(const Types& types, Operator op, const StaticType& left,
                   const StaticType& right, StaticType& result) {
  const bool compares = is_comparison(op);
  const bool counts = is_arithmetic(op);
  result = compares ? StaticType::of(ValueKind::boolean) : StaticType{};
  if (!left.known() || !right.known() || (!compares && !counts)) return true;
  bool possible = false;
  StaticType made = StaticType::nothing();
  for (const auto a : left.types) {
    for (const auto b : right.types) {
      const auto left_kind = operand_kind(types, a);
      const auto right_kind = operand_kind(types, b);
      if (compares) {
        possible = possible || are_ordered(left_kind, right_kind);
        continue;
      }
      const auto kind = arithmetic_kind(op, left_kind, right_kind);
      if (kind == ValueKind::node) continue;
      possible = true;
      made.add(system_type(kind));
    }
  }
  if (counts && possible) result = made;
  return possible;
}

bool element_types(const Types& types, TypeId owner, std::string_view name,
                   ElementTypes& out) {
  out = {StaticType::nothing(), {}};
  if (owner == system_type(ValueKind::type)) {
    out.type = StaticType::of(ValueKind::string);
    return name == "name" || name == "namespace";
  }
  if (!types.is_model_type(owner)) return false;
  if (types.is_primitive(owner) && name == "value") {
    out.type = StaticType::of(operand_kind(types, owner));
    return true;
  }
  const auto element = types.model()->element(owner, name);
  if (!element) return false;
  for (std::uint32_t i = 0; i < element->type_count(); ++i) {
    const auto choice = element->type(i);
    out.choices.push_back(choice);
    if (types.stands_for_any(choice.type)) out.type.any = true;
    out.type.add(choice.type);
  }
  return true;
}

std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t change = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string_view nearest_element(const Types& types, TypeId owner,
                                 std::string_view name) {
  constexpr std::size_t kLongest = 64;
  if (!types.is_model_type(owner) || name.size() > kLongest) return {};
  std::string_view best;
  std::size_t least = name.size() / 2 + 1;
  for (std::uint32_t i = 0; i < types.model()->element_count(owner); ++i) {
    const auto candidate = types.model()->element_at(owner, i).name();
    const auto distance = edit_distance(name, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  // "valueQuantity" is a JSON name: the element is "value".
  if (!best.empty()) return best;
  for (std::uint32_t i = 0; i < types.model()->element_count(owner); ++i) {
    const auto element = types.model()->element_at(owner, i);
    if (element.is_choice() && name.starts_with(element.name())) {
      return element.name();
    }
  }
  return {};
}

}  // namespace gateway::fhirpath
