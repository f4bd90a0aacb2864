// Types is the type model as FHIRPath sees it: FHIR's types and the System
// types in one space of numbers, with the numbers that every walk needs.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "fhir/type_model.h"

namespace gateway::fhirpath {

// Types of the model are rows of fhir::Definitions::shapes; System types have
// numbers that no row reaches.
using TypeId = fhir::TypeId;
constexpr TypeId kUntyped = fhir::kNoType;
constexpr TypeId kSystemTypes = 0xFFFFFE00;

// A type that nothing is of: System.Patient.
constexpr TypeId kNoValues = kUntyped - 1;

constexpr bool is_system(TypeId type) {
  return type >= kSystemTypes && type != kUntyped;
}

class Types {
 public:
  // Without a model, every node is untyped.
  explicit Types(const fhir::TypeModel* model = nullptr);

  [[nodiscard]] const fhir::TypeModel* model() const { return model_; }
  [[nodiscard]] bool is_model_type(TypeId type) const {
    return type < kSystemTypes;
  }
  [[nodiscard]] bool is_primitive(TypeId type) const {
    return is_model_type(type) &&
           model_->kind(type) == fhir::TypeKind::primitive;
  }
  [[nodiscard]] fhir::Primitive primitive(TypeId type) const {
    return model_->primitive(type);
  }
  // The type itself or one that it derives from.
  [[nodiscard]] bool is_a(TypeId type, TypeId ancestor) const;
  // Quantity, Age, Duration ...: what System.Quantity stands for.
  [[nodiscard]] bool is_quantity(TypeId type) const {
    return quantity_ != kUntyped && is_model_type(type) &&
           model_->is_a(type, quantity_);
  }
  // Resource and DomainResource stand for the type that the node names.
  [[nodiscard]] bool stands_for_any(TypeId type) const {
    return type != kUntyped && (type == resource_ || type == domain_resource_);
  }
  // "Patient", "FHIR.Patient", "System.Boolean", "Boolean". kNoValues if only
  // the other namespace has it; kUntyped if there is no such type.
  [[nodiscard]] TypeId find(std::string_view name) const;
  [[nodiscard]] std::string_view name(TypeId type) const;

  [[nodiscard]] TypeId extension() const { return extension_; }
  [[nodiscard]] TypeId string() const { return string_; }
  [[nodiscard]] TypeId id() const { return id_; }
  [[nodiscard]] TypeId resource() const { return resource_; }

 private:
  [[nodiscard]] TypeId inner(std::string_view name) const;
  [[nodiscard]] TypeId known(std::string_view name) const;

  const fhir::TypeModel* model_;
  TypeId quantity_ = kUntyped;
  TypeId resource_ = kUntyped;
  TypeId domain_resource_ = kUntyped;
  TypeId extension_ = kUntyped;
  TypeId string_ = kUntyped;
  TypeId id_ = kUntyped;
};

// What a JSON member, or an element, of a type is.
struct MemberType {
  TypeId type = kUntyped;
  KeyId element = kNoKey;  // "value" for the member "valueString"
  fhir::Primitive primitive = fhir::Primitive::none;
  bool sibling = false;  // "_birthDate"
};
inline std::optional<MemberType> member_type(const Types& types, TypeId owner,
                                             KeyId key) {
  if (!types.is_model_type(owner)) return std::nullopt;
  const auto& definitions = types.model()->definitions();
  const auto& shape = definitions.shapes[owner];
  const auto* slot = definitions.slot(shape, key);
  if (slot == nullptr) return std::nullopt;
  const auto& element =
      definitions.elements[shape.elements.first + slot->element];
  const auto type = definitions.types[element.types.first + slot->type].shape;
  return MemberType{type, element.key,
                    type == kUntyped ? fhir::Primitive::none
                                     : definitions.shapes[type].primitive,
                    slot->sibling != 0};
}

}  // namespace gateway::fhirpath
