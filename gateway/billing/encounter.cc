// Emission of an attended date: the visit, as outward maps read it.

#include "billing/emit.h"

namespace gateway::billing {
namespace {

std::string local_text(const Visit& visit, Instant instant) {
  const auto zone = Zone::named(visit.zone);
  return zone ? zone->text(instant) : utc_text(instant);
}

}  // namespace

Result<std::string> encounter_json(const Visit& visit,
                                   const EncounterBody& body,
                                   const Emission& emission) {
  using Field = map::VisitField;
  auto& document = blank(map::kVisit, emission);
  const auto root = map::Document::kRoot;
  const auto& order = visit.referral->source.key;
  document.set(root, Field::id, body.id);
  document.set(root, Field::key, visit.key);
  document.set(root, Field::status, body.status);
  document.set(root, Field::program, episode::code(visit.policy->program));
  document.set(root, Field::patient, visit.referral->patient);
  document.set(root, Field::referral, order);
  document.keep(root, Field::episode, emission.resolve("@episode|" + order));
  for (const auto& performer : visit.performers) {
    const auto item = document.add(root, Field::performers);
    document.set(item, map::PerformerField::actor, performer.actor);
  }
  document.set(root, Field::date, visit.date);
  document.keep(root, Field::start, local_text(visit, visit.span.start));
  document.keep(root, Field::end, local_text(visit, visit.span.end));
  document.set_integer(root, Field::minutes, visit.time.minutes);
  document.set(root, Field::place_of_service, visit.place_of_service);
  document.set(root, Field::location, visit.location);
  document.set(root, Field::provider, visit.provider);
  return emitted(document, emission);
}

}  // namespace gateway::billing
