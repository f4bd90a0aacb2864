#include "validate/invariant_compiler.h"

#include <string>
#include <unordered_set>

#include "fhir/type_model.h"
#include "fhirpath/expression.h"

namespace gateway::validate {
namespace {

class Check {
 public:
  Check(const fhir::Definitions& definitions, fhir::Outcome& outcome)
      : definitions_(definitions), model_(definitions), outcome_(outcome) {}

  void run() {
    const auto& base = definitions_.base();
    for (auto i = base ? base->shapes.size() : 0U;
         i < definitions_.shapes.size(); ++i) {
      const auto& shape = definitions_.shapes[i];
      constraints(shape.constraints, definitions_.text(shape.name));
      constraints(shape.context_constraints, definitions_.text(shape.name));
    }
    for (auto i = base ? base->elements.size() : 0U;
         i < definitions_.elements.size(); ++i) {
      const auto& element = definitions_.elements[i];
      constraints(element.constraints, definitions_.text(element.id));
    }
  }

 private:
  void constraints(fhir::Range range, std::string_view element) {
    for (const auto& constraint : definitions_.constraints.of(range)) {
      if (!seen_.insert(constraint.program).second) continue;
      const auto compiled =
          fhirpath::compile(definitions_.text(constraint.expression),
                            {.model = &model_, .as_filters = true});
      if (!compiled.ok()) report(constraint, element, compiled.error());
    }
  }

  void report(const fhir::ConstraintRow& constraint, std::string_view element,
              const Error& error) {
    const auto key = std::string(definitions_.text(constraint.key));
    fhir::Finding finding;
    finding.rule = "invariant/malformed";
    finding.type = fhir::IssueType::invalid;
    finding.expression = std::string(element) + ".constraint.where(key='" +
                         key + "').expression";
    finding.text = "the rule " + key + " is no FHIRPath: " + error.message;
    finding.seen = std::string(definitions_.text(constraint.source));
    finding.remedy = "correct the expression";
    finding.actor = fhir::Actor::operator_;
    outcome_.add(std::move(finding));
  }

  const fhir::Definitions& definitions_;
  const fhir::TypeModel model_;
  fhir::Outcome& outcome_;
  std::unordered_set<std::uint32_t> seen_;
};

}  // namespace

void check_invariants(const fhir::Definitions& definitions,
                      fhir::Outcome& outcome) {
  Check(definitions, outcome).run();
}

}  // namespace gateway::validate
