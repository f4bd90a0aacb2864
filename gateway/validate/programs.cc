#include "validate/programs.h"

#include <string_view>
#include <utility>

namespace gateway::validate {

namespace {

// Rules as they are published (ref-1: as it is read, see defective.h) that
// nearly every resource has to keep, some at many places: the four of
// DomainResource, where nearly all resources contain nothing, and those of
// references, extensions and narratives.
Shortcut shortcut_of(std::string_view expression) {
  if (expression == "contained.contained.empty()" ||
      expression == "contained.meta.security.empty()" ||
      expression ==
          "contained.meta.versionId.empty() and "
          "contained.meta.lastUpdated.empty()") {
    return Shortcut::nothing_contained;
  }
  if (expression.starts_with("contained.where((('#'+id in "
                             "(%resource.descendants().reference | ")) {
    return Shortcut::all_referred_to;
  }
  if (expression ==
      "reference.empty() or reference.startsWith('#').not() or "
      "reference = '#' or (reference.substring(1) in "
      "%rootResource.contained.id)") {
    return Shortcut::reference;
  }
  if (expression == "extension.exists() != value.exists()") {
    return Shortcut::one_of_two;
  }
  if (expression == "htmlChecks()") return Shortcut::narrative;
  if (expression == "text.`div`.exists()") return Shortcut::narrated;
  return Shortcut::none;
}

}  // namespace

Programs::Programs(const fhir::Definitions& definitions)
    : definitions_(definitions),
      model_(definitions),
      entries_(definitions.program_count()) {}

const Programs::Program* Programs::of(
    const fhir::ConstraintRow& constraint) const {
  const auto* entry =
      entries_[constraint.program].load(std::memory_order_acquire);
  if (entry == nullptr) entry = compiled(constraint);
  return entry->good ? &entry->program : nullptr;
}

const Programs::Entry* Programs::compiled(
    const fhir::ConstraintRow& constraint) const {
  const std::lock_guard lock(mutex_);
  auto& place = entries_[constraint.program];
  if (const auto* known = place.load(std::memory_order_acquire)) return known;
  auto made = std::make_unique<Entry>();
  const auto text = definitions_.text(constraint.expression);
  auto expression =
      fhirpath::compile(text, {.model = &model_, .as_filters = true});
  made->good = expression.ok();
  if (expression.ok()) {
    made->program = {*std::move(expression), shortcut_of(text)};
  }
  owned_.push_back(std::move(made));
  place.store(owned_.back().get(), std::memory_order_release);
  return owned_.back().get();
}

}  // namespace gateway::validate
