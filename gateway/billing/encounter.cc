// Emission of an attended date as an Encounter.

#include "base/json_writer.h"
#include "billing/emit.h"

namespace gateway::billing {
namespace {

std::string local_text(const Visit& visit, Instant instant) {
  const auto zone = Zone::named(visit.zone);
  return zone ? zone->text(instant) : utc_text(instant);
}

void write_participants(JsonWriter& writer, const Visit& visit) {
  if (visit.performers.empty()) return;
  writer.key("participant").begin_array();
  for (const auto& performer : visit.performers) {
    writer.begin_object()
        .key("individual")
        .raw(reference_json(performer.actor))
        .end_object();
  }
  writer.end_array();
}

void write_time(JsonWriter& writer, const Visit& visit) {
  writer.key("period")
      .begin_object()
      .member("start", local_text(visit, visit.span.start))
      .member("end", local_text(visit, visit.span.end))
      .end_object()
      .key("length")
      .begin_object()
      .key("value")
      .integer(visit.time.minutes)
      .member("unit", "min")
      .member("system", "http://unitsofmeasure.org")
      .member("code", "min")
      .end_object();
}

}  // namespace

std::string encounter_json(const Visit& visit, const EncounterBody& body,
                           const Emission& emission) {
  const auto& order = visit.referral->source.key;
  const auto episode = emission.resolve("@episode|" + order);
  JsonWriter writer;
  writer.begin_object()
      .member("resourceType", "Encounter")
      .member("id", body.id)
      .key("identifier")
      .begin_array()
      .raw(plan_identifier(emission, visit.key))
      .end_array()
      .member("status", body.status)
      .key("class")
      .begin_object()
      .member("system", episode::kActCode)
      .member("code", "AMB")
      .end_object()
      .key("type")
      .begin_array()
      .raw(concept_json(local_system(emission, "program"),
                        episode::code(visit.policy->program)))
      .end_array()
      .key("subject")
      .raw(reference_json(visit.referral->patient));
  if (!episode.empty()) {
    writer.key("episodeOfCare")
        .begin_array()
        .raw(reference_json(episode))
        .end_array();
  }
  writer.key("basedOn").begin_array().raw(reference_json(order)).end_array();
  write_participants(writer, visit);
  write_time(writer, visit);
  if (!visit.location.empty()) {
    writer.key("location")
        .begin_array()
        .begin_object()
        .key("location")
        .raw(reference_json(visit.location))
        .end_object()
        .end_array();
  }
  if (!visit.provider.empty()) {
    writer.key("serviceProvider").raw(reference_json(visit.provider));
  }
  writer.end_object();
  return writer.take();
}

}  // namespace gateway::billing
