// Bindings holds codes against the value sets that elements are bound to, and
// against the code systems that we hold.

#pragma once

#include <string_view>

#include "base/json.h"
#include "fhir/definitions.h"
#include "fhir/terminology.h"
#include "validate/findings.h"

namespace gateway::validate {

class Bindings {
 public:
  // `terminology` is the severity of codes and displays that a code system
  // does not have, where no required binding makes them errors.
  Bindings(const fhir::Definitions& definitions, Findings& findings,
           fhir::Severity terminology)
      : definitions_(definitions),
        findings_(findings),
        terminology_(terminology) {}

  // A code, uri, string, Coding, CodeableConcept or Quantity. REQUIRES: the
  // element has a binding.
  void check(Json value, const fhir::ElementRow& element);
  // A Coding or Quantity on its own: its system can be one, its code exists,
  // its display is the code's. Codes of systems that are not held are checked
  // by their format, and said to be unchecked beyond it.
  void check_coding(Json coding);

  // Whether the value is known to have a code of the element's value set.
  [[nodiscard]] bool has_code_of(Json value,
                                 const fhir::ElementRow& element) const;

 private:
  void check_system(Json system);
  void check_format(Json code, std::string_view system, std::uint32_t row);
  void check_display(Json coding, const fhir::CodeRow& code);
  void check_strength(Json value, const fhir::ElementRow& element);
  fhir::Membership membership(Json value, std::uint32_t value_set,
                              bool& has_code) const;
  fhir::Membership coding_membership(Json coding, std::uint32_t value_set,
                                     bool& has_code) const;
  void not_member(Json value, const fhir::ElementRow& element, bool has_code);
  void not_checked(Json value, const fhir::ElementRow& element);
  [[nodiscard]] std::string nearest_code(Json value,
                                         std::uint32_t value_set) const;

  const fhir::Definitions& definitions_;
  Findings& findings_;
  fhir::Severity terminology_;
};

}  // namespace gateway::validate
