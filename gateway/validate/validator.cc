#include "validate/validator.h"

#include <utility>

#include "validate/findings.h"
#include "validate/references.h"
#include "validate/structure.h"

namespace gateway::validate {
namespace {

class Checks final : public Visitor {
 public:
  Checks(const fhir::Definitions& definitions, Findings& findings)
      : references_(definitions, findings), definitions_(definitions) {}

  void value(Json node, const fhir::ElementRow& element,
             const fhir::TypeRow& type, const Scope& scope) override {
    if (node.is_object() &&
        node.get(definitions_.names.reference).is_string()) {
      references_.check(node, element, type, scope);
    }
  }

  void resource(Json node, std::uint32_t shape, const Scope& scope) override {
    references_.check_contained(node, shape, scope);
  }

 private:
  References references_;
  const fhir::Definitions& definitions_;
};

}  // namespace

Validator::Validator(fhir::SharedDefinitions definitions)
    : definitions_(std::move(definitions)) {}

fhir::Outcome Validator::validate(const JsonDocument& document,
                                  const ValidateOptions&) const {
  Findings findings(*definitions_);
  Checks checks(*definitions_, findings);
  Structure structure(*definitions_, findings, checks);
  structure.resource(document.root(), fhir::kNone, {});
  return findings.take();
}

}  // namespace gateway::validate
