// Structure checks a resource against its type: members, cardinalities, JSON
// kinds, primitive formats, choices, siblings ("_birthDate"), contained
// resources and Bundle entries. It walks the tape once; names are numbers.

#pragma once

#include <cstdint>

#include "base/json.h"
#include "fhir/definitions.h"
#include "validate/findings.h"
#include "validate/scope.h"

namespace gateway::validate {

// What the walk has met and others judge: bindings, references, extensions,
// invariants and profiles.
class Visitor {
 public:
  Visitor() = default;
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;
  virtual ~Visitor() = default;

  // A value of an element, after its own members.
  virtual void value(Json node, const fhir::ElementRow& element,
                     const fhir::TypeRow& type, const Scope& scope) = 0;
  // An element, not a resource, has an id.
  virtual void element_id() = 0;
  // A primitive that has extensions only.
  virtual void no_value(Json sibling, const fhir::ElementRow& element) = 0;
  // A resource, after its members.
  virtual void resource(Json node, std::uint32_t shape, const Scope& scope) = 0;
};

class Structure {
 public:
  enum class Contained : std::uint8_t { checked, ignored };

  Structure(const fhir::Definitions& definitions, Findings& findings,
            Visitor& visitor, Contained contained = Contained::checked)
      : definitions_(definitions),
        findings_(findings),
        visitor_(visitor),
        contained_(contained) {}

  // `expected` is what the type must derive from; kNone: any resource.
  void resource(Json node, std::uint32_t expected, const Scope& outer);

 private:
  struct Slot {
    const fhir::ElementRow& element;
    const fhir::TypeRow& type;
  };

  void object(Json node, std::uint32_t shape, const Scope& scope);
  void member(Json member, const Slot& slot, const Scope& scope);
  void items(Json array, const Slot& slot, const Scope& scope);
  void value(Json node, const Slot& slot, const Scope& scope);
  void primitive(Json node, const Slot& slot, const Scope& scope);
  void siblings(Json member, const Slot& slot, const Scope& scope);
  void sibling(Json node, Json value, const Slot& slot, const Scope& scope);
  void only_id(Json node);
  void inner_resource(Json node, const Slot& slot, const Scope& scope);
  void unknown_member(Json member, const fhir::ShapeRow& shape);
  void missing(Json node, const fhir::ShapeRow& shape, std::uint64_t present);
  void repeated_choice(Json member, const fhir::ShapeRow& shape,
                       std::uint16_t element);
  void wrong_kind(Json node, std::string_view seen, std::string_view wanted);
  void bad_format(Json node, fhir::Primitive type, int defect);

  const fhir::Definitions& definitions_;
  Findings& findings_;
  Visitor& visitor_;
  Contained contained_;
};

// "an object", for people.
std::string_view kind_name(JsonKind kind);

}  // namespace gateway::validate
