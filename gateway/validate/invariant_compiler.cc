#include "validate/invariant_compiler.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "fhir/type_model.h"
#include "fhirpath/expression.h"

namespace gateway::validate {
namespace {

using fhir::Severity;

// A rule that cannot be read refuses its package. One that can never be met is
// the package's own slip, of which published ones have some: it is told.
class Check {
 public:
  Check(const fhir::Definitions& definitions, fhir::Outcome& outcome)
      : definitions_(definitions),
        model_(definitions),
        types_(&model_),
        outcome_(outcome) {}

  void run() {
    const auto& base = definitions_.base();
    for (auto i = base ? base->shapes.size() : 0U;
         i < definitions_.shapes.size(); ++i) {
      const auto& shape = definitions_.shapes[i];
      const auto type = (shape.flags & fhir::kConstraint) != 0 ? shape.type : i;
      constraints(shape.constraints, definitions_.text(shape.name),
                  {context_of(type)});
      constraints(shape.context_constraints, definitions_.text(shape.name), {});
    }
    for (auto i = base ? base->elements.size() : 0U;
         i < definitions_.elements.size(); ++i) {
      const auto& element = definitions_.elements[i];
      if (element.constraints.count == 0) continue;
      constraints(element.constraints, definitions_.text(element.id),
                  contexts_of(element));
    }
  }

 private:
  using Contexts = std::vector<std::string_view>;

  // What an element's rules are about, by type; empty names for what the model
  // does not know, as the inner elements of extensions.
  [[nodiscard]] Contexts contexts_of(const fhir::ElementRow& element) const {
    Contexts found;
    for (const auto& type : definitions_.types.of(element.types)) {
      auto name = context_of(type.shape);
      if (name.empty() || name == "BackboneElement" || name == "Element") {
        const auto path = definitions_.text(element.path);
        const bool is_known = types_.find(path) != fhirpath::kUntyped;
        name = is_known ? path : std::string_view();
      }
      found.push_back(name);
    }
    return found;
  }

  [[nodiscard]] std::string_view context_of(std::uint32_t type) const {
    if (type == fhir::kNone) return {};
    const auto& shape = definitions_.shapes[type];
    const bool is_plain = (shape.flags & fhir::kConstraint) == 0 &&
                          (shape.kind == fhir::TypeKind::primitive ||
                           shape.kind == fhir::TypeKind::complex ||
                           shape.kind == fhir::TypeKind::resource) &&
                          (shape.flags & fhir::kAbstract) == 0;
    return is_plain ? definitions_.text(shape.name) : std::string_view();
  }

  // A rule that suits one of its contexts is no slip.
  void constraints(fhir::Range range, std::string_view element,
                   const Contexts& contexts) {
    for (const auto& constraint : definitions_.constraints.of(range)) {
      if (seen_.insert(constraint.program).second && !compiles(constraint)) {
        report(constraint, element, Severity::error, "is no FHIRPath");
        continue;
      }
      if (contexts.empty() || malformed_.contains(constraint.program)) continue;
      const bool is_vain = std::all_of(
          contexts.begin(), contexts.end(), [&](std::string_view context) {
            return !context.empty() && !compiles(constraint, context);
          });
      if (!is_vain) continue;
      report(constraint, element, Severity::warning, "can never be met here");
    }
  }

  bool compiles(const fhir::ConstraintRow& constraint,
                std::string_view context = {}) {
    const auto compiled = fhirpath::compile(
        definitions_.text(constraint.expression),
        {.model = &model_, .context = context, .as_filters = true});
    if (compiled.ok()) return true;
    why_ = compiled.error().message;
    if (context.empty()) malformed_.insert(constraint.program);
    return false;
  }

  void report(const fhir::ConstraintRow& constraint, std::string_view element,
              Severity severity, std::string_view what) {
    const auto key = std::string(definitions_.text(constraint.key));
    fhir::Finding finding;
    finding.rule = severity == Severity::error ? "invariant/malformed"
                                               : "invariant/meaningless";
    finding.severity = severity;
    finding.type = fhir::IssueType::invalid;
    finding.expression = std::string(element) + ".constraint.where(key='" +
                         key + "').expression";
    finding.text = "the rule " + key + ' ' + std::string(what) + ": " + why_;
    finding.seen = std::string(definitions_.text(constraint.source));
    finding.remedy = "correct the expression";
    finding.actor = fhir::Actor::operator_;
    outcome_.add(std::move(finding));
  }

  const fhir::Definitions& definitions_;
  const fhir::TypeModel model_;
  const fhirpath::Types types_;
  fhir::Outcome& outcome_;
  std::unordered_set<std::uint32_t> seen_;       // programs
  std::unordered_set<std::uint32_t> malformed_;  // of these
  std::string why_;
};

}  // namespace

void check_invariants(const fhir::Definitions& definitions,
                      fhir::Outcome& outcome) {
  Check(definitions, outcome).run();
}

}  // namespace gateway::validate
