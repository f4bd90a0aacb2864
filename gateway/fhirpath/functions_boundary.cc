// lowBoundary(), highBoundary(), precision(), comparable(): FHIRPath STU.

#include <array>

#include "fhirpath/function_groups.h"

namespace gateway::fhirpath {
namespace {

constexpr int kMostPlaces = 28;  // of a Decimal, FHIRPath 2.0, 4.1.4
constexpr int kUsualPlaces = 8;

struct Edge {
  Decimal value;
  bool minus_zero = false;
};

// `size` is not negative. Its lower edge is cut, its upper edge rounded, to
// the places that are asked for (R4 test suite, LowBoundary and HighBoundary).
std::optional<Decimal> edge_of_size(const Decimal& size, int places,
                                    Bound bound) {
  const Decimal half(5, size.scale() + 1);
  const auto edge = bound == Bound::low ? size.minus(half) : size.plus(half);
  if (!edge) return std::nullopt;
  if (places >= edge->scale() || bound == Bound::high) {
    return edge->rounded(places);
  }
  const auto rounded = edge->rounded(places);
  if (!rounded || *rounded <= *edge) return rounded;
  return rounded->minus(Decimal(1, places));
}

std::optional<Edge> edge_of(const Decimal& value, int places, Bound bound) {
  if (!value.is_negative()) {
    const auto edge = edge_of_size(value, places, bound);
    return edge ? std::optional(Edge{*edge}) : std::nullopt;
  }
  const auto edge = edge_of_size(
      value.negated(), places, bound == Bound::low ? Bound::high : Bound::low);
  if (!edge) return std::nullopt;
  return Edge{edge->negated(), edge->is_zero()};
}

bool boundary_of_temporal(Evaluation& run, const Value& value,
                          const Whole& digits, bool given, Bound bound) {
  const auto kind = temporal_kind(value.kind());
  const int usual = kind == TemporalKind::date        ? 8
                    : kind == TemporalKind::date_time ? 17
                                                      : 9;
  const int wanted = given ? static_cast<int>(digits.value) : usual;
  const auto result = boundary(kind, value.temporal(), wanted, bound);
  return !result || run.push(Value::of(kind, *result));
}

bool boundary_of_number(Evaluation& run, const Value& value, int places,
                        Bound bound) {
  if (value.is(ValueKind::quantity)) {
    const auto& quantity = value.quantity();
    const auto edge = edge_of(quantity.value, places, bound);
    return !edge ||
           run.push_quantity(edge->value, quantity.unit, quantity.calendar);
  }
  const auto number =
      value.is(ValueKind::integer) ? Decimal(value.integer()) : value.decimal();
  const auto edge = edge_of(number, places, bound);
  if (!edge) return true;
  auto result = Value::of(edge->value);
  if (edge->minus_zero) result.set_minus_zero();
  return run.push(result);
}

bool bound_of(Evaluation& run, const Op& op, const Frame& frame, Bound bound) {
  Evaluation::Single input;
  Whole digits;
  if (!single_focus(run, op, frame, input)) return false;
  const bool given = op.count == 1;
  if (given && !whole_arg(run, op, 0, frame, digits)) return false;
  if (!input.present || (given && !digits.present)) return true;
  if (given && (digits.value < 0 || digits.value > kMostPlaces)) return true;
  const auto& value = input.value;
  if (is_temporal(value.kind())) {
    return boundary_of_temporal(run, value, digits, given, bound);
  }
  if (value.is(ValueKind::integer) || value.is(ValueKind::decimal) ||
      value.is(ValueKind::quantity)) {
    return boundary_of_number(
        run, value, given ? static_cast<int>(digits.value) : kUsualPlaces,
        bound);
  }
  return run.fail(op.place,
                  "only numbers, quantities, dates and times have "
                  "boundaries");
}

bool low_boundary(Evaluation& run, const Op& op, const Frame& frame) {
  return bound_of(run, op, frame, Bound::low);
}
bool high_boundary(Evaluation& run, const Op& op, const Frame& frame) {
  return bound_of(run, op, frame, Bound::high);
}

bool precision(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!single_focus(run, op, frame, input)) return false;
  if (!input.present) return true;
  const auto& value = input.value;
  std::int64_t digits = 0;
  if (is_temporal(value.kind())) {
    digits = precision_digits(temporal_kind(value.kind()), value.temporal());
  } else if (value.is(ValueKind::decimal)) {
    digits = value.decimal().scale();
  } else if (value.is(ValueKind::quantity)) {
    digits = value.quantity().value.scale();
  } else if (!value.is(ValueKind::integer)) {
    return run.fail(op.place, "only numbers, dates and times have a precision");
  }
  return run.push(Value::of(digits));
}

// Numbers are quantities without a unit (FHIRPath 2.0, 5.5).
std::optional<Quantity> measure(const Value& value) {
  if (value.is(ValueKind::quantity)) return value.quantity();
  if (value.is(ValueKind::decimal)) return Quantity{value.decimal(), "1"};
  if (value.is(ValueKind::integer)) {
    return Quantity{Decimal(value.integer()), "1"};
  }
  return std::nullopt;
}

Answer comparable_(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  Evaluation::Single other;
  if (!single_focus(run, op, frame, input) ||
      !run.single(run.arg(op, 0), frame, other)) {
    return Answer::failed;
  }
  if (!input.present || !other.present) return Answer::empty;
  const auto left = measure(input.value);
  const auto right = measure(other.value);
  if (!left || !right) {
    run.fail(op.place, "comparable() asks about two quantities");
    return Answer::failed;
  }
  return answer(comparable(*left, *right));
}

constexpr std::array kFunctions{
    Function{.name = "lowBoundary",
             .most = 1,
             .gives = Gives::anything,
             .flags = kSingular,
             .run = low_boundary},
    Function{.name = "highBoundary",
             .most = 1,
             .gives = Gives::anything,
             .flags = kSingular,
             .run = high_boundary},
    Function{.name = "precision",
             .gives = Gives::integer,
             .flags = kSingular,
             .run = precision},
    Function{.name = "comparable",
             .least = 1,
             .most = 1,
             .gives = Gives::boolean,
             .ask = comparable_},
};

}  // namespace

std::span<const Function> boundary_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
