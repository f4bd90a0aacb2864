// Conversions: FHIRPath 2.0, 5.5.

#include <algorithm>
#include <array>

#include "fhirpath/function_groups.h"
#include "fhirpath/ucum.h"

namespace gateway::fhirpath {
namespace {

using Made = std::optional<Value>;

bool is_number(const Value& value) {
  return value.is(ValueKind::integer) || value.is(ValueKind::decimal);
}

Decimal number(const Value& value) {
  return value.is(ValueKind::integer) ? Decimal(value.integer())
                                      : value.decimal();
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Made boolean_of_text(std::string_view text) {
  constexpr std::array<std::string_view, 6> kYes{"true", "t", "yes",
                                                 "y",    "1", "1.0"};
  constexpr std::array<std::string_view, 6> kNo{"false", "f", "no",
                                                "n",     "0", "0.0"};
  const auto word = lowered(text);
  if (std::find(kYes.begin(), kYes.end(), word) != kYes.end()) {
    return Value::of(true);
  }
  if (std::find(kNo.begin(), kNo.end(), word) != kNo.end()) {
    return Value::of(false);
  }
  return std::nullopt;
}

Made to_boolean(Evaluation&, const Value& value) {
  if (value.is(ValueKind::boolean)) return value;
  if (value.is(ValueKind::string)) return boolean_of_text(value.string());
  if (!is_number(value)) return std::nullopt;
  const auto decimal = number(value);
  if (decimal == Decimal(1)) return Value::of(true);
  return decimal.is_zero() ? Made(Value::of(false)) : std::nullopt;
}

// [+-]?digits, with a fraction where `fraction` allows.
std::optional<Decimal> number_of_text(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.find_first_of("eE+") != std::string_view::npos) return std::nullopt;
  return Decimal::parse(text);
}

Made to_whole(const Value& value, std::int64_t least, std::int64_t most) {
  if (value.is(ValueKind::boolean)) {
    return Value::of(std::int64_t{value.boolean() ? 1 : 0});
  }
  std::optional<std::int64_t> whole;
  if (value.is(ValueKind::integer)) whole = value.integer();
  if (value.is(ValueKind::string) &&
      value.string().find('.') == std::string_view::npos) {
    const auto parsed = number_of_text(value.string());
    if (parsed) whole = parsed->truncated();
  }
  if (!whole || *whole < least || *whole > most) return std::nullopt;
  return Value::of(*whole);
}

Made to_integer(Evaluation&, const Value& value) {
  return to_whole(value, INT32_MIN, INT32_MAX);
}
Made to_long(Evaluation&, const Value& value) {
  return to_whole(value, INT64_MIN, INT64_MAX);
}

Made to_decimal(Evaluation&, const Value& value) {
  if (is_number(value)) return Value::of(number(value));
  if (value.is(ValueKind::boolean)) {
    return Value::of(Decimal(value.boolean() ? 10 : 0, 1));
  }
  if (!value.is(ValueKind::string)) return std::nullopt;
  const auto parsed = number_of_text(value.string());
  return parsed ? Made(Value::of(*parsed)) : std::nullopt;
}

Made temporal_of_text(TemporalKind kind, std::string_view text) {
  const auto parsed = parse_temporal(kind, text);
  return parsed ? Made(Value::of(kind, *parsed)) : std::nullopt;
}

Made to_date(Evaluation&, const Value& value) {
  if (value.is(ValueKind::date)) return value;
  if (value.is(ValueKind::string)) {
    const auto date = temporal_of_text(TemporalKind::date, value.string());
    if (date) return date;
    const auto time = parse_date_time(value.string());
    return time ? temporal_of_text(TemporalKind::date,
                                   value.string().substr(0, 10))
                : std::nullopt;
  }
  if (!value.is(ValueKind::date_time)) return std::nullopt;
  const auto text = text_of(TemporalKind::date_time, value.temporal());
  return temporal_of_text(TemporalKind::date,
                          std::string_view(text).substr(0, 10));
}

Made to_date_time(Evaluation&, const Value& value) {
  if (value.is(ValueKind::date_time)) return value;
  if (value.is(ValueKind::date)) {
    return Value::of(TemporalKind::date_time, value.temporal());
  }
  if (!value.is(ValueKind::string)) return std::nullopt;
  return temporal_of_text(TemporalKind::date_time, value.string());
}

Made to_time(Evaluation&, const Value& value) {
  if (value.is(ValueKind::time)) return value;
  if (!value.is(ValueKind::string)) return std::nullopt;
  auto text = value.string();
  if (text.starts_with('T')) text.remove_prefix(1);
  return temporal_of_text(TemporalKind::time, text);
}

Made to_string(Evaluation& run, const Value& value) {
  if (value.is(ValueKind::string)) return value;
  if (value.is_node() || value.is(ValueKind::type)) return std::nullopt;
  std::string_view kept;
  if (!run.keep(text_of(value), kept)) return std::nullopt;
  return Value::of(kept);
}

Made kept_quantity(Evaluation& run, const Quantity& quantity) {
  const auto before = run.top();
  if (!run.push_quantity(quantity.value, quantity.unit, quantity.calendar)) {
    return std::nullopt;
  }
  const auto value = run.at(before);
  run.drop_to(before);
  return value;
}

Made to_quantity(Evaluation& run, const Value& value) {
  if (value.is(ValueKind::quantity)) return value;
  if (value.is(ValueKind::boolean)) {
    return kept_quantity(run, {Decimal(value.boolean() ? 10 : 0, 1), "1"});
  }
  if (is_number(value)) return kept_quantity(run, {number(value), "1"});
  if (!value.is(ValueKind::string)) return std::nullopt;
  const auto parsed = parse_quantity(value.string());
  return parsed ? kept_quantity(run, *parsed) : std::nullopt;
}

Made in_unit(Evaluation& run, const Value& value, std::string_view unit) {
  const auto made = converted(value.quantity(), unit);
  return made ? kept_quantity(run, *made) : std::nullopt;
}

using Conversion = Made (*)(Evaluation&, const Value&);

template <Conversion convert>
bool to(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!single_focus(run, op, frame, input)) return false;
  if (!input.present) return true;
  auto made = convert(run, input.value);
  if (made && op.count == 1) {
    Text unit;
    if (!text_arg(run, op, 0, frame, unit)) return false;
    if (unit.present) made = in_unit(run, *made, unit.text);
  }
  if (!run.problem().message.empty()) return false;
  return !made || run.push(*made);
}

template <Conversion convert>
Answer converts(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!single_focus(run, op, frame, input)) return Answer::failed;
  if (!input.present) return Answer::empty;
  auto made = convert(run, input.value);
  if (made && op.count == 1) {
    Text unit;
    if (!text_arg(run, op, 0, frame, unit)) return Answer::failed;
    if (unit.present) made = in_unit(run, *made, unit.text);
  }
  if (!run.problem().message.empty()) return Answer::failed;
  return answer(made.has_value());
}

constexpr std::uint8_t kUnit = 1;  // takes a unit

template <Conversion convert>
constexpr Function conversion(std::string_view name, Gives gives,
                              std::uint8_t most = 0) {
  return {.name = name,
          .most = most,
          .gives = gives,
          .flags = kSingular,
          .run = to<convert>};
}
template <Conversion convert>
constexpr Function question(std::string_view name, std::uint8_t most = 0) {
  return {.name = name,
          .most = most,
          .gives = Gives::boolean,
          .ask = converts<convert>};
}

constexpr std::array kFunctions{
    conversion<to_boolean>("toBoolean", Gives::boolean),
    question<to_boolean>("convertsToBoolean"),
    conversion<to_integer>("toInteger", Gives::integer),
    question<to_integer>("convertsToInteger"),
    conversion<to_long>("toLong", Gives::integer),
    question<to_long>("convertsToLong"),
    conversion<to_decimal>("toDecimal", Gives::decimal),
    question<to_decimal>("convertsToDecimal"),
    conversion<to_date>("toDate", Gives::date),
    question<to_date>("convertsToDate"),
    conversion<to_date_time>("toDateTime", Gives::date_time),
    question<to_date_time>("convertsToDateTime"),
    conversion<to_time>("toTime", Gives::time),
    question<to_time>("convertsToTime"),
    conversion<to_string>("toString", Gives::string),
    question<to_string>("convertsToString"),
    conversion<to_quantity>("toQuantity", Gives::quantity, kUnit),
    question<to_quantity>("convertsToQuantity", kUnit),
};

}  // namespace

std::span<const Function> convert_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
