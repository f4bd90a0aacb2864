// Mathematics: FHIRPath 2.0, 5.7. Sums and powers are exact; only roots,
// logarithms and exponentials, which no decimal holds, are rounded.

#include <array>
#include <cmath>
#include <cstdio>

#include "fhirpath/function_groups.h"

namespace gateway::fhirpath {
namespace {

bool is_number(const Value& value) {
  return value.is(ValueKind::integer) || value.is(ValueKind::decimal);
}

Decimal number(const Value& value) {
  return value.is(ValueKind::integer) ? Decimal(value.integer())
                                      : value.decimal();
}

// The single number that a function works on.
bool number_focus(Evaluation& run, const Op& op, const Frame& frame,
                  Evaluation::Single& out) {
  if (!single_focus(run, op, frame, out)) return false;
  return !out.present || is_number(out.value) ||
         run.fail(op.place, "a number is needed before this function");
}

bool number_arg(Evaluation& run, const Op& op, const Frame& frame,
                Evaluation::Single& out) {
  if (!run.single(run.arg(op, 0), frame, out)) return false;
  return !out.present || is_number(out.value) ||
         run.fail(op.place, "the argument must be a number");
}

// Rounded to 15 significant digits; nothing for what is no number.
std::optional<Decimal> from_real(long double value) {
  constexpr int kDigits = 15;
  if (!std::isfinite(value)) return std::nullopt;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*Lg", kDigits, value);
  const auto made = Decimal::parse(text.data());
  return made ? std::optional(made->normalized()) : std::nullopt;
}

long double to_real(const Decimal& value) {
  return std::strtold(value.text().c_str(), nullptr);
}

bool push_decimal(Evaluation& run, const std::optional<Decimal>& value) {
  return !value || run.push(Value::of(*value));
}

bool abs(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!single_focus(run, op, frame, input)) return false;
  if (!input.present) return true;
  const auto& value = input.value;
  if (value.is(ValueKind::quantity)) {
    const auto& quantity = value.quantity();
    return run.push_quantity(quantity.value.is_negative()
                                 ? quantity.value.negated()
                                 : quantity.value,
                             quantity.unit, quantity.calendar);
  }
  if (value.is(ValueKind::integer)) {
    if (value.integer() == INT64_MIN) return true;
    return run.push(
        Value::of(value.integer() < 0 ? -value.integer() : value.integer()));
  }
  if (!value.is(ValueKind::decimal)) {
    return run.fail(op.place, "a number is needed before abs()");
  }
  const auto decimal = value.decimal();
  return run.push(
      Value::of(decimal.is_negative() ? decimal.negated() : decimal));
}

// Towards zero, then `step` further if that cut something off on that side.
bool whole(Evaluation& run, const Op& op, const Frame& frame, int step) {
  Evaluation::Single input;
  if (!number_focus(run, op, frame, input)) return false;
  if (!input.present) return true;
  const auto value = number(input.value);
  auto result = value.truncated();
  if (!result) return true;
  const auto order = value <=> Decimal(*result);
  if ((step > 0 && order > 0) || (step < 0 && order < 0)) *result += step;
  return run.push(Value::of(*result));
}

bool ceiling(Evaluation& run, const Op& op, const Frame& frame) {
  return whole(run, op, frame, 1);
}
bool floor(Evaluation& run, const Op& op, const Frame& frame) {
  return whole(run, op, frame, -1);
}
bool truncate(Evaluation& run, const Op& op, const Frame& frame) {
  return whole(run, op, frame, 0);
}

bool round(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  Whole places{.value = 0, .present = true};
  if (!number_focus(run, op, frame, input)) return false;
  if (op.count == 1 && !whole_arg(run, op, 0, frame, places)) return false;
  if (!input.present || !places.present) return true;
  if (places.value < 0 || places.value > Decimal::kMostDigits) {
    return run.fail(op.place, "round() takes 0 to 38 places");
  }
  const auto value = number(input.value);
  const auto scale = static_cast<int>(places.value);
  if (scale >= value.scale()) return run.push(Value::of(value));
  return push_decimal(run, value.rounded(scale));
}

// floor(sqrt(value)) by Newton's method.
Int128 whole_root(Int128 value) {
  if (value < 2) return value;
  Int128 root = value;
  for (Int128 next = (root + 1) / 2; next < root;) {
    root = next;
    next = (root + value / root) / 2;
  }
  return root;
}

std::optional<Decimal> square_root(const Decimal& value) {
  constexpr int kPlaces = 16;
  if (value.is_negative()) return std::nullopt;
  for (int places = kPlaces; places >= 0; --places) {
    const auto raised = value.rounded(2 * places);
    if (raised && raised->scale() == 2 * places) {
      return Decimal(whole_root(raised->coefficient()), places).normalized();
    }
  }
  return std::nullopt;
}

bool sqrt(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!number_focus(run, op, frame, input)) return false;
  return !input.present || push_decimal(run, square_root(number(input.value)));
}

bool exp(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!number_focus(run, op, frame, input)) return false;
  return !input.present ||
         push_decimal(run, from_real(std::exp(to_real(number(input.value)))));
}

bool ln(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!number_focus(run, op, frame, input)) return false;
  return !input.present ||
         push_decimal(run, from_real(std::log(to_real(number(input.value)))));
}

bool log(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  Evaluation::Single base;
  if (!number_focus(run, op, frame, input) ||
      !number_arg(run, op, frame, base)) {
    return false;
  }
  if (!input.present || !base.present) return true;
  if (number(base.value).is_zero() || number(base.value).is_negative()) {
    return true;  // no such logarithm
  }
  const auto result = std::log(to_real(number(input.value))) /
                      std::log(to_real(number(base.value)));
  return push_decimal(run, from_real(result));
}

std::optional<Decimal> whole_power(const Decimal& base, std::int64_t exponent) {
  constexpr std::int64_t kMost = 4'000;
  if (exponent < 0 || exponent > kMost) return std::nullopt;
  Decimal result = 1;
  for (std::int64_t i = 0; i < exponent; ++i) {
    const auto next = result.times(base);
    if (!next) return std::nullopt;
    result = *next;
  }
  return result;
}

bool power(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  Evaluation::Single exponent;
  if (!number_focus(run, op, frame, input) ||
      !number_arg(run, op, frame, exponent)) {
    return false;
  }
  if (!input.present || !exponent.present) return true;
  const auto base = number(input.value);
  const auto by = number(exponent.value);
  const auto exact = by.is_integer() ? whole_power(base, *by.truncated())
                                     : std::optional<Decimal>();
  if (exact && input.value.is(ValueKind::integer) &&
      exponent.value.is(ValueKind::integer)) {
    const auto integer = exact->truncated();
    if (integer) return run.push(Value::of(*integer));
  }
  if (exact) return run.push(Value::of(*exact));
  return push_decimal(run, from_real(std::pow(to_real(base), to_real(by))));
}

constexpr Function number_function(std::string_view name,
                                   std::uint8_t arguments, Gives gives,
                                   bool (*run)(Evaluation&, const Op&,
                                               const Frame&)) {
  return {.name = name,
          .least = arguments,
          .most = arguments,
          .gives = gives,
          .flags = kSingular,
          .run = run};
}

constexpr std::array kFunctions{
    number_function("abs", 0, Gives::number, abs),
    number_function("ceiling", 0, Gives::integer, ceiling),
    number_function("floor", 0, Gives::integer, floor),
    number_function("truncate", 0, Gives::integer, truncate),
    number_function("sqrt", 0, Gives::decimal, sqrt),
    number_function("exp", 0, Gives::decimal, exp),
    number_function("ln", 0, Gives::decimal, ln),
    number_function("log", 1, Gives::decimal, log),
    number_function("power", 1, Gives::anything, power),
    Function{.name = "round",
             .most = 1,
             .gives = Gives::decimal,
             .flags = kSingular,
             .run = round},
};

}  // namespace

std::span<const Function> number_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
