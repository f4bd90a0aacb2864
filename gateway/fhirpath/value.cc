#include "fhirpath/value.h"

#include <array>
#include <optional>

namespace gateway::fhirpath {
namespace {

using fhir::Primitive;

Value number_value(std::string_view text) {
  const auto decimal = Decimal::parse(text);
  if (!decimal) return Value::of(text);
  if (text.find_first_of(".eE") == std::string_view::npos) {
    const auto whole = decimal->truncated();
    if (whole) return Value::of(*whole);
  }
  return Value::of(*decimal);
}

Value temporal_value(TemporalKind kind, std::string_view text) {
  const auto parsed =
      parse_temporal(kind, text, LeapSecond::as_the_last_second);
  return parsed ? Value::of(kind, *parsed) : Value::of(text);
}

Value untyped_value(const Value& value, Json json) {
  switch (json.kind()) {
    case JsonKind::boolean:
      return Value::of(json.text() == "true");
    case JsonKind::number:
      return number_value(json.text());
    case JsonKind::string:
      return Value::of(json.text());
    case JsonKind::absent:
    case JsonKind::null:
    case JsonKind::array:
    case JsonKind::object:
      break;
  }
  return value;
}

Value primitive_value(Primitive primitive, const Value& value, Json json) {
  switch (primitive) {
    case Primitive::date:
      return temporal_value(TemporalKind::date, json.text());
    case Primitive::date_time:
    case Primitive::instant:
      return temporal_value(TemporalKind::date_time, json.text());
    case Primitive::time:
      return temporal_value(TemporalKind::time, json.text());
    case Primitive::decimal: {
      const auto decimal = Decimal::parse(json.text());
      return decimal ? Value::of(*decimal) : Value::of(json.text());
    }
    case Primitive::boolean:
    case Primitive::integer:
    case Primitive::positive_int:
    case Primitive::unsigned_int:
    case Primitive::none:
      return untyped_value(value, json);
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
  return Value::of(json.text());
}

std::optional<Quantity> quantity_of(Json json) {
  const auto number = Decimal::parse(json.get("value").text());
  if (!number) return std::nullopt;
  const auto code = json.get("code").text();
  if (json.get("system").text() == "http://unitsofmeasure.org" &&
      !code.empty()) {
    return Quantity{*number, code};
  }
  const auto unit = json.get("unit").text();
  if (!unit.empty()) return Quantity{*number, unit};
  return Quantity{*number, code.empty() ? "1" : code};
}

}  // namespace

std::string_view system_name(ValueKind kind) {
  constexpr std::array<std::string_view, kValueKinds> kNames{
      "",     "Boolean",  "Integer", "Decimal",  "String",
      "Date", "DateTime", "Time",    "Quantity", "TypeInfo"};
  return kNames[static_cast<std::size_t>(kind)];
}

TemporalKind temporal_kind(ValueKind kind) {
  if (kind == ValueKind::date) return TemporalKind::date;
  return kind == ValueKind::time ? TemporalKind::time : TemporalKind::date_time;
}

Value system_value(const Value& value, const Types& types, Quantity& made) {
  if (!value.is_node() || value.sibling_only()) return value;
  const auto json = value.json();
  if (value.primitive() != Primitive::none) {
    return primitive_value(value.primitive(), value, json);
  }
  if (json.kind() == JsonKind::object) {
    if (!types.is_quantity(value.type())) return value;
    const auto quantity = quantity_of(json);
    if (!quantity) return value;
    made = *quantity;
    return Value::of(&made);
  }
  if (!types.is_model_type(value.type())) return untyped_value(value, json);
  return primitive_value(types.primitive(value.type()), value, json);
}

std::string text_of(const Value& value) {
  switch (value.kind()) {
    case ValueKind::node:
      return value.sibling_only() ? std::string()
                                  : std::string(value.json().text());
    case ValueKind::boolean:
      return value.boolean() ? "true" : "false";
    case ValueKind::integer:
      return std::to_string(value.integer());
    case ValueKind::decimal: {
      const auto text = value.decimal().text();
      return value.minus_zero() ? "-" + text : text;
    }
    case ValueKind::string:
      return std::string(value.string());
    case ValueKind::date:
    case ValueKind::date_time:
    case ValueKind::time:
      return text_of(temporal_kind(value.kind()), value.temporal());
    case ValueKind::quantity:
      return text_of(value.quantity());
    case ValueKind::type:
      break;
  }
  return {};
}

}  // namespace gateway::fhirpath
