// References checks where references lead: into the contained resources, into
// the Bundle, or to a type that the element allows.

#pragma once

#include <string_view>

#include "base/json.h"
#include "fhir/definitions.h"
#include "validate/findings.h"
#include "validate/link_index.h"
#include "validate/scope.h"

namespace gateway::validate {

class References {
 public:
  // `doubtful` is the severity of what is wrong by all appearances: absolute
  // URLs need not be those of a FHIR server.
  References(const fhir::Definitions& definitions, Findings& findings,
             LinkIndex& links, fhir::Severity doubtful)
      : definitions_(definitions),
        findings_(findings),
        links_(links),
        doubtful_(doubtful) {}

  // `node` is a Reference.
  void check(Json node, const fhir::ElementRow& element,
             const fhir::TypeRow& type, const Scope& scope,
             bool must_resolve = false);
  // Ids of contained resources are there and differ.
  void check_contained(Json resource, std::uint32_t shape, const Scope& scope);

  // The resource that it names, in the same document; absent if elsewhere.
  // `is_local` is set for "#id", which must be found.
  [[nodiscard]] Json resolve(std::string_view reference,
                             const Scope& scope) const;

  // Whether a reference of the resource around them leads to each of the
  // contained resources; false also where only other links may do.
  [[nodiscard]] bool leads_to_each(Json contained) const;

 private:
  [[nodiscard]] Json contained(std::string_view id, const Scope& scope) const;
  [[nodiscard]] Json bundled(std::string_view reference,
                             const Scope& scope) const;
  // The type that Reference.type states; kNone if it states none that we know.
  [[nodiscard]] std::uint32_t stated_type(Json node) const;
  void check_stated(Json node, std::uint32_t stated, std::uint32_t target);
  // Of a literal that names no type of ours and leads to nothing here.
  void check_form(Json node, std::string_view reference);
  void check_type(Json node, std::uint32_t target,
                  const fhir::ElementRow& element, const fhir::TypeRow& type);

  const fhir::Definitions& definitions_;
  Findings& findings_;
  LinkIndex& links_;
  fhir::Severity doubtful_;
};

// "Patient" of "http://server/fhir/Patient/17/_history/2"; empty for others.
std::string_view literal_type(std::string_view reference);

}  // namespace gateway::validate
