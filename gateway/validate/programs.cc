#include "validate/programs.h"

#include <utility>

namespace gateway::validate {

Programs::Programs(const fhir::Definitions& definitions)
    : definitions_(definitions),
      model_(definitions),
      entries_(definitions.program_count()) {}

const fhirpath::Expression* Programs::of(
    const fhir::ConstraintRow& constraint) const {
  const auto* entry =
      entries_[constraint.program].load(std::memory_order_acquire);
  if (entry == nullptr) entry = compiled(constraint);
  return entry->good ? &entry->expression : nullptr;
}

const Programs::Entry* Programs::compiled(
    const fhir::ConstraintRow& constraint) const {
  const std::lock_guard lock(mutex_);
  auto& place = entries_[constraint.program];
  if (const auto* known = place.load(std::memory_order_acquire)) return known;
  auto made = std::make_unique<Entry>();
  auto expression = fhirpath::compile(definitions_.text(constraint.expression),
                                      {.model = &model_, .as_filters = true});
  made->good = expression.ok();
  if (expression.ok()) made->expression = *std::move(expression);
  owned_.push_back(std::move(made));
  place.store(owned_.back().get(), std::memory_order_release);
  return owned_.back().get();
}

}  // namespace gateway::validate
