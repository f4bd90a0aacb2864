#include "billing/emit.h"

#include "base/json_writer.h"

namespace gateway::billing {

std::string local_system(const Emission& emission, std::string_view name) {
  return emission.base + "/CodeSystem/" + std::string(name);
}

Result<std::string> emitted(const map::Document& document,
                            const Emission& emission) {
  if (emission.proof != nullptr) {
    auto proof = map::prove(emission.maps, document, emission.owner);
    if (!proof) return proof.error();
    *emission.proof = *std::move(proof);
  }
  return map::emit(emission.maps, document, emission.owner);
}

std::string plan_identifier(const Emission& emission, std::string_view key) {
  JsonWriter writer;
  writer.begin_object()
      .member("system", emission.base + "/NamingSystem/plan-key")
      .member("value", key)
      .end_object();
  return writer.take();
}

std::string reference_json(std::string_view reference) {
  JsonWriter writer;
  writer.begin_object();
  if (reference.empty()) {
    // R4 wants the element; we do not know whom it names.
    writer.key("extension")
        .begin_array()
        .begin_object()
        .member("url",
                "http://hl7.org/fhir/StructureDefinition/data-absent-reason")
        .member("valueCode", "unknown")
        .end_object()
        .end_array();
  } else {
    writer.member("reference", reference);
  }
  writer.end_object();
  return writer.take();
}

std::string concept_json(std::string_view system, std::string_view code) {
  JsonWriter writer;
  writer.begin_object().key("coding").begin_array().begin_object();
  writer.member("system", system).member("code", code);
  writer.end_object().end_array().end_object();
  return writer.take();
}

std::string quantity_text(std::int64_t thousandths) {
  return Decimal(thousandths, 3).normalized().text();
}

std::string with_status(std::string_view body, std::string_view status) {
  const auto document = JsonDocument::parse(std::string(body));
  if (!document) return {};
  JsonWriter out;
  out.begin_object();
  for (const Json member : document->root()) {
    if (member.name() == "status") {
      out.member("status", status);
    } else {
      out.key(member.name()).raw(member.raw());
    }
  }
  return out.end_object().take();
}

map::Document& blank(const map::DocumentType& type, const Emission& emission) {
  thread_local map::Document document(type);
  document.start(type);
  const auto* base = type.find("base");
  if (base != nullptr) {
    document.set(map::Document::kRoot, base->slot, emission.base);
  }
  return document;
}

Result<std::string> episode_json(const EpisodePlan& episode,
                                 std::string_view id,
                                 const Emission& emission) {
  using Field = map::EpisodeField;
  auto& document = blank(map::kEpisode, emission);
  const auto root = map::Document::kRoot;
  document.set(root, Field::id, id);
  document.set(root, Field::key, episode.key);
  document.set(root, Field::status, episode.status);
  document.set(root, Field::program, episode::code(episode.program));
  document.set(root, Field::patient, episode.referral->patient);
  document.set(root, Field::organization, episode.organization);
  if (episode.start) document.set(root, Field::start, *episode.start);
  if (episode.end) document.set(root, Field::end, *episode.end);
  document.set(root, Field::discharge_reason, episode.discharge_reason);
  document.set(root, Field::discharged_by, episode.discharged_by);
  document.set(root, Field::referral, episode.referral->source.key);
  return map::emit(emission.maps, document, emission.owner);
}

Result<std::string> provenance_json(const ProvenanceBody& body,
                                    const Emission& emission) {
  using Field = map::OriginField;
  auto& document = blank(map::kOrigin, emission);
  const auto root = map::Document::kRoot;
  const auto add_all = [&](std::uint8_t field,
                           const std::vector<std::string>& texts) {
    for (const auto& text : texts) document.add(root, field, text);
  };
  document.set(root, Field::id, body.id);
  add_all(Field::targets, body.targets);
  document.keep(root, Field::recorded, utc_text(emission.now));
  add_all(Field::policies, body.policies);
  add_all(Field::reasons, body.reasons);
  add_all(Field::states, body.states);
  document.set(root, Field::device, emission.device);
  if (body.doing.at) {
    document.keep(root, Field::occurred, utc_text(*body.doing.at));
  }
  const auto& partner = body.doing.partner;
  document.set(root, Field::partner,
               partner.empty() ? emission.owner : partner);
  add_all(Field::inputs, body.inputs);
  add_all(Field::maps, body.maps);
  return map::emit(emission.maps, document, emission.owner);
}

}  // namespace gateway::billing
