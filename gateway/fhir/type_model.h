// TypeModel answers what FHIR's types look like: elements, cardinality, choice
// and base types. It is a view of Definitions for those who compile
// expressions and maps; copies are free.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "fhir/definitions.h"

namespace gateway::fhir {

using TypeId = std::uint32_t;  // row of Definitions::shapes
constexpr TypeId kNoType = kNone;

// One way to write an element in JSON.
struct TypeChoice {
  TypeId type = kNoType;
  KeyId key = kNoKey;      // "valueString"
  KeyId sibling = kNoKey;  // "_valueString"; kNoKey for complex types
};

class TypeModel {
 public:
  // An element of a type. Elements of choice type are named without "[x]".
  class Element {
   public:
    [[nodiscard]] std::string_view name() const;
    [[nodiscard]] std::string_view path() const;  // "Patient.contact.name"
    [[nodiscard]] bool is_choice() const {
      return (row_->flags & kChoice) != 0;
    }
    // Is an array in JSON.
    [[nodiscard]] bool repeats() const { return (row_->flags & kArray) != 0; }
    [[nodiscard]] std::uint32_t min() const { return row_->min; }
    [[nodiscard]] std::uint32_t max() const { return row_->max; }
    // At least one; elements of members of their own (Patient.contact) and
    // content references have exactly one, whose type is that shape.
    [[nodiscard]] std::uint32_t type_count() const { return row_->types.count; }
    [[nodiscard]] TypeChoice type(std::uint32_t index) const;
    [[nodiscard]] const ElementRow& row() const { return *row_; }

   private:
    friend class TypeModel;
    Element(const Definitions& definitions, const ElementRow& row)
        : definitions_(&definitions), row_(&row) {}
    const Definitions* definitions_;
    const ElementRow* row_;
  };

  // `definitions` must outlive the model.
  explicit TypeModel(const Definitions& definitions)
      : definitions_(&definitions) {}

  // "Patient", "HumanName", "string", also "Patient.contact". kNoType if
  // there is no such type.
  [[nodiscard]] TypeId find(std::string_view name) const;
  [[nodiscard]] std::string_view name(TypeId type) const;
  // Patient: DomainResource: Resource: kNoType. Patient.contact:
  // BackboneElement: Element: kNoType. code: string: Element.
  [[nodiscard]] TypeId base(TypeId type) const;
  [[nodiscard]] TypeKind kind(TypeId type) const;
  [[nodiscard]] Primitive primitive(TypeId type) const;
  [[nodiscard]] bool is_abstract(TypeId type) const;
  // Is `ancestor` or derives from it.
  [[nodiscard]] bool is_a(TypeId type, TypeId ancestor) const {
    return definitions_->derives(type, ancestor);
  }

  // Elements in the order of the definition, inherited ones included.
  [[nodiscard]] std::uint32_t element_count(TypeId owner) const;
  [[nodiscard]] Element element_at(TypeId owner, std::uint32_t index) const;
  // By name without "[x]" ("value", not "valueString").
  [[nodiscard]] std::optional<Element> element(TypeId owner,
                                               std::string_view name) const;

  // What a JSON member of an object of type `owner` is.
  struct Member {
    Element element;
    TypeChoice choice;
    bool is_sibling;  // "_birthDate"
  };
  [[nodiscard]] std::optional<Member> member(TypeId owner, KeyId key) const;

  [[nodiscard]] const Definitions& definitions() const { return *definitions_; }
  [[nodiscard]] const KeyTable& keys() const { return definitions_->keys(); }

 private:
  const Definitions* definitions_;
};

}  // namespace gateway::fhir
