// Invariants: FHIRPath that a definition states of its elements.

#include <optional>
#include <string>

#include "validate/checker.h"
#include "validate/expression_world.h"
#include "validate/narrative.h"

namespace gateway::validate {

using fhir::IssueType;
using fhir::kNone;
using fhir::Severity;

namespace {

// The world as an invariant sees it. The functions refer to this object, which
// lives as long as the evaluation.
class World {
 public:
  World(Checker& checker, Shared& shared, const Scope& scope)
      : checker_(checker),
        shared_(shared),
        definitions_(shared.definitions),
        scope_(scope) {
    environment_.resource = scope.resource;
    environment_.root_resource = scope.root;
    environment_.budget.purse = &shared.steps;
    environment_.resolve = [this](std::string_view reference) {
      return checker_.references().resolve(reference, scope_);
    };
    environment_.conforms_to = [this](const fhirpath::Value& value,
                                      std::string_view url) {
      return conforms(value, url);
    };
    environment_.member_of = [this](const fhirpath::Value& value,
                                    std::string_view url) {
      return is_member(definitions_, value, url);
    };
    environment_.html_checks = [this](const fhirpath::Value& value) {
      return !value.is_node() || checker_.is_safe(value.json());
    };
  }

  [[nodiscard]] const fhirpath::Environment& environment() const {
    return environment_;
  }

 private:
  std::optional<bool> conforms(const fhirpath::Value& value,
                               std::string_view url) {
    const auto profile = definitions_.shape_of(url);
    if (profile == kNone || !value.is_node()) return std::nullopt;
    const auto& shape = definitions_.shapes[profile];
    if ((shape.flags & fhir::kConstraint) == 0 &&
        shape.kind == fhir::TypeKind::resource &&
        definitions_.derives(value.type(), profile)) {
      return shared_.is_valid(value.json(), scope_);
    }
    return checker_.conforms({value.json(), value.type()}, profile, scope_);
  }

  Checker& checker_;
  Shared& shared_;
  const fhir::Definitions& definitions_;
  const Scope& scope_;
  fhirpath::Environment environment_;
};

}  // namespace

bool Checker::is_safe(Json narrative) {
  if (shared_.narrative != narrative) {
    shared_.narrative = narrative;
    shared_.narrative_is_safe = narrative_defect(narrative.text()).empty();
  }
  return shared_.narrative_is_safe;
}

bool Checker::leads_somewhere(const Item& item, const Scope& scope) const {
  const Json reference = item.node.get(definitions_.names.reference);
  if (!reference.exists()) return true;
  const auto text = reference.text();
  return !text.starts_with('#') || references_.resolve(text, scope).exists();
}

// Exactly one of the two, each as the type has it.
bool Checker::has_value_or_parts(const Item& item) const {
  bool has_value = false;
  bool has_parts = false;
  for (const Json member : item.node) {
    if (member.key() == definitions_.names.extension) {
      has_parts = member.size() > 0;
    } else if (member.key() != definitions_.names.url &&
               member.name().starts_with("value")) {
      has_value = member.kind() != JsonKind::null && !member.is_array();
    }
  }
  return has_value != has_parts;
}

bool Checker::holds_anyway(Shortcut shortcut, const Item& item,
                           const Scope& scope) {
  switch (shortcut) {
    case Shortcut::none:
      return false;
    case Shortcut::reference:
      return leads_somewhere(item, scope);
    case Shortcut::one_of_two:
      return has_value_or_parts(item);
    case Shortcut::narrative:
      return !item.sibling_only && is_safe(item.node);
    case Shortcut::narrated:
      return item.node.get(definitions_.names.text).get("div").exists();
    case Shortcut::nothing_contained:
    case Shortcut::all_referred_to:
      break;
  }
  const Json contained = item.node.get(definitions_.names.contained);
  if (!contained.exists()) return true;
  return shortcut == Shortcut::all_referred_to && item.node == scope.resource &&
         references_.leads_to_each(contained);
}

// Told once: no step is left for the rules that follow.
void Checker::too_costly(Json place) {
  findings_.add(place, {.rule = "validate/too-costly",
                        .type = IssueType::too_costly,
                        .text = "the rules of this resource cost more than "
                                "they may: from here on they were not checked",
                        .wanted = "a smaller resource",
                        .remedy = "send it in parts; or narrow the rules of "
                                  "the profiles that it claims"});
}

// Good practice that others' data lack harms nobody; and what is contained has
// the narrative and the status of what contains it.
bool Checker::is_left_out(const fhir::ConstraintRow& constraint,
                          const Item& item, const Scope& scope) const {
  if (constraint.best_practice != 0 &&
      (shared_.options.rigor == Rigor::intake || findings_.is_trial() ||
       item.node != scope.root)) {
    return true;
  }
  return !shared_.options.checks_contained &&
         definitions_.text(constraint.expression).starts_with("contained");
}

void Checker::constraints(fhir::Range range, const Item& item,
                          const Scope& scope) {
  if (range.count == 0 || shared_.steps == 0) return;
  std::optional<World> world;  // few rules are looked at in earnest
  const auto input = item.sibling_only
                         ? fhirpath::Value::sibling(item.node, item.shape)
                         : fhirpath::Value::node(item.node, item.shape);
  for (const auto& constraint : definitions_.constraints.of(range)) {
    if (is_left_out(constraint, item, scope)) continue;
    const auto key = definitions_.text(constraint.key);
    const auto* program = shared_.programs.of(constraint);
    if (program != nullptr && holds_anyway(program->shortcut, item, scope)) {
      continue;
    }
    if (!world) world.emplace(*this, shared_, scope);
    fhirpath::Problem problem;
    const auto verdict =
        program == nullptr
            ? fhirpath::Verdict::failed
            : fhirpath::evaluate_boolean(program->expression, input,
                                         world->environment(), &problem);
    // Empty is unknown: of others' data it is no fault, and the reference
    // validator takes it for one.
    if (verdict == fhirpath::Verdict::met ||
        (verdict == fhirpath::Verdict::unknown &&
         shared_.options.rigor == Rigor::intake)) {
      continue;
    }
    if (verdict == fhirpath::Verdict::failed && shared_.steps == 0) {
      return too_costly(item.node);
    }
    if (verdict == fhirpath::Verdict::failed) {
      findings_.add(
          item.node,
          {.rule = "invariant/not-evaluated",
           .type = IssueType::not_supported,
           .text = "the rule " + std::string(key) + " cannot be evaluated",
           .seen = problem.message,
           .severity = Severity::information,
           .source = std::string(definitions_.text(constraint.source))});
      continue;
    }
    findings_.add(
        item.node,
        {.rule = "invariant/" + std::string(key),
         .type = IssueType::invariant,
         .text = std::string(definitions_.text(constraint.human)),
         .seen = "the rule is broken",
         .wanted = std::string(definitions_.text(constraint.expression)),
         .severity =
             constraint.warning != 0 ? Severity::warning : Severity::error,
         .source = std::string(definitions_.text(constraint.source))});
  }
}

}  // namespace gateway::validate
