// Value is one item of a FHIRPath collection: a place in a tree, or a value of
// one of the System types that an expression computed.
//
// A Value is 24 bytes and owns nothing: texts are views of a document, of an
// expression or of the arena of the evaluation that made them.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/decimal.h"
#include "base/json.h"
#include "fhirpath/quantity.h"
#include "fhirpath/temporal.h"
#include "fhirpath/types.h"

namespace gateway::fhirpath {

enum class ValueKind : std::uint8_t {
  node,
  boolean,
  integer,
  decimal,
  string,
  date,
  date_time,
  time,
  quantity,
  type,  // what type() gives
};
constexpr std::size_t kValueKinds = 10;

constexpr TypeId system_type(ValueKind kind) {
  return kSystemTypes + static_cast<TypeId>(kind);
}
// "Boolean" ... "Quantity"; empty for a node.
std::string_view system_name(ValueKind kind);

class Value {
 public:
  Value() : Value(ValueKind::boolean) { integer_ = 0; }

  static Value of(bool value) {
    Value made(ValueKind::boolean);
    made.integer_ = value ? 1 : 0;
    return made;
  }
  static Value of(std::int64_t value) {
    Value made(ValueKind::integer);
    made.integer_ = value;
    return made;
  }
  static Value of(const Decimal& value) {
    Value made(ValueKind::decimal);
    const auto coefficient = value.coefficient();
    made.words_.low = static_cast<std::uint64_t>(coefficient);
    made.words_.high = static_cast<std::int64_t>(coefficient >> 64);
    made.scale_ = static_cast<std::uint8_t>(value.scale());
    return made;
  }
  static Value of(std::string_view text) {
    Value made(ValueKind::string);
    made.text_ = {text.data(), text.size()};
    return made;
  }
  static Value of(TemporalKind kind, const Temporal& value) {
    Value made(kind == TemporalKind::date        ? ValueKind::date
               : kind == TemporalKind::date_time ? ValueKind::date_time
                                                 : ValueKind::time);
    made.temporal_ = value;
    return made;
  }
  // `quantity` must live as long as the value.
  static Value of(const Quantity* quantity) {
    Value made(ValueKind::quantity);
    made.quantity_ = quantity;
    return made;
  }
  static Value of_type(TypeId type) {
    Value made(ValueKind::type);
    made.integer_ = type;
    return made;
  }
  // `primitive` spares those who read the value a look at the model; none
  // where it is not known.
  static Value node(Json json, TypeId type,
                    fhir::Primitive primitive = fhir::Primitive::none) {
    Value made(ValueKind::node);
    made.type_ = type;
    made.primitive_ = primitive;
    made.node_ = {json.document(), json.index()};
    return made;
  }
  // A primitive without a value, of which there is only "_birthDate".
  static Value sibling(Json json, TypeId type) {
    Value made = node(json, type);
    made.flags_ = kSiblingOnly;
    return made;
  }

  [[nodiscard]] ValueKind kind() const { return kind_; }
  [[nodiscard]] bool is(ValueKind kind) const { return kind_ == kind; }
  [[nodiscard]] bool is_node() const { return kind_ == ValueKind::node; }
  // kUntyped for nodes of trees without a model.
  [[nodiscard]] TypeId type() const { return type_; }
  [[nodiscard]] bool sibling_only() const {
    return (flags_ & kSiblingOnly) != 0;
  }
  [[nodiscard]] fhir::Primitive primitive() const { return primitive_; }

  // REQUIRES: the kind that the name says.
  [[nodiscard]] Json json() const { return {node_.document, node_.index}; }
  [[nodiscard]] bool boolean() const { return integer_ != 0; }
  [[nodiscard]] std::int64_t integer() const { return integer_; }
  [[nodiscard]] Decimal decimal() const {
    constexpr Int128 kWord = Int128{1} << 64;
    return {Int128{words_.high} * kWord + words_.low, scale_};
  }
  [[nodiscard]] std::string_view string() const {
    return {text_.data, text_.size};
  }
  [[nodiscard]] const Temporal& temporal() const { return temporal_; }
  [[nodiscard]] const Quantity& quantity() const { return *quantity_; }
  [[nodiscard]] TypeId named_type() const {
    return static_cast<TypeId>(integer_);
  }

  // lowBoundary() of a negative number may be a zero that keeps its sign.
  [[nodiscard]] bool minus_zero() const { return (flags_ & kMinusZero) != 0; }
  void set_minus_zero() { flags_ |= kMinusZero; }

 private:
  explicit Value(ValueKind kind) : kind_(kind), type_(system_type(kind)) {}

  struct Node {
    const JsonDocument* document;
    std::uint32_t index;
  };
  struct Words {
    std::uint64_t low;
    std::int64_t high;
  };
  struct TextView {
    const char* data;
    std::size_t size;
  };

  static constexpr std::uint8_t kSiblingOnly = 1;
  static constexpr std::uint8_t kMinusZero = 2;

  ValueKind kind_;
  std::uint8_t flags_ = 0;
  fhir::Primitive primitive_ = fhir::Primitive::none;
  std::uint8_t scale_ = 0;  // of a decimal
  TypeId type_;
  union {
    Node node_;
    std::int64_t integer_;
    Words words_;
    TextView text_;
    Temporal temporal_;
    const Quantity* quantity_;
  };
};
static_assert(sizeof(Value) == 24);
static_assert(std::is_trivially_copyable_v<Value>);

TemporalKind temporal_kind(ValueKind kind);
inline bool is_temporal(ValueKind kind) {
  return kind == ValueKind::date || kind == ValueKind::date_time ||
         kind == ValueKind::time;
}

// The value of a primitive, or the quantity of a Quantity, as a System value:
// what operators work on. Other values come back as they are. `made` receives
// a quantity, and must outlive the result.
Value system_value(const Value& value, const Types& types, Quantity& made);

// As toString() writes it. Objects and arrays: nothing.
std::string text_of(const Value& value);

}  // namespace gateway::fhirpath
