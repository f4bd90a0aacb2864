#include "server/message_effect.h"

#include <algorithm>

namespace gateway::server {

exchange::Written MessageEffect::written(std::size_t position) const {
  using Kind = exchange::Written::Effect;
  const auto& slot = resolved_.entries[position];
  if (slot.effect == Effect::same) {
    auto first = written(slot.same_as);
    first.effect = Kind::unchanged;
    return first;
  }
  exchange::Written out;
  out.id = resolved_.assignment.ids[position];
  const bool wrote =
      slot.effect == Effect::create || slot.effect == Effect::update;
  out.effect = slot.effect == Effect::create   ? Kind::created
               : slot.effect == Effect::update ? Kind::updated
               : slot.effect == Effect::replay ? Kind::replayed
                                               : Kind::unchanged;
  out.version = wrote ? slot.version : slot.current->version;
  out.last_updated = wrote ? now_ : slot.current->last_updated;
  out.body = wrote ? slot.body : slot.current->body;
  for (const auto& task : decision_.tasks) {
    if (!task.concerns(out.id.text())) continue;
    out.tasks.push_back(task.id);
    for (const auto& finding : task.findings.findings()) {
      out.outcome.add(finding);
    }
  }
  for (const auto& warning : decision_.warnings) {
    if (warning.concerns(out.id.text())) out.outcome.add(warning.finding);
  }
  return out;
}

std::optional<std::size_t> MessageEffect::entry_of(const OpenTask& task) const {
  for (std::size_t i = 0; i < request_.entries.size(); ++i) {
    if (resolved_.entries[i].effect == Effect::none) continue;
    if (task.concerns(resolved_.assignment.ids[i].text())) return i;
  }
  return std::nullopt;
}

std::vector<const OpenTask*> MessageEffect::tasks() const {
  std::vector<const OpenTask*> own;
  for (const auto& task : decision_.tasks) {
    const bool is_written =
        std::any_of(decision_.writes.begin(), decision_.writes.end(),
                    [&task](const auto& write) { return write.id == task.id; });
    if (is_written || entry_of(task)) own.push_back(&task);
  }
  return own;
}

fhir::Outcome MessageEffect::findings() const {
  fhir::Outcome all;
  for (const auto* task : tasks()) all.merge(task->findings);
  return all;
}

fhir::Outcome MessageEffect::told() const {
  fhir::Outcome all;
  for (const auto* task : tasks()) {
    const auto entry = entry_of(*task);
    for (auto finding : task->findings.findings()) {
      auto& place = finding.expression;
      const auto type =
          place.substr(0, std::min(place.find('.'), place.size()));
      if (entry && type == resolved_.assignment.ids[*entry].type) {
        place = request_.entries[*entry].expression + place.substr(type.size());
      }
      all.add(std::move(finding));
    }
  }
  return all;
}

}  // namespace gateway::server
