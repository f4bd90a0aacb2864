#include "billing/emit.h"

#include "base/json_writer.h"

namespace gateway::billing {

std::string local_system(const Emission& emission, std::string_view name) {
  return emission.base + "/CodeSystem/" + std::string(name);
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

std::string money_json(const Decimal& amount) {
  JsonWriter writer;
  writer.begin_object()
      .key("value")
      .raw(amount.text())
      .member("currency", "USD")
      .end_object();
  return writer.take();
}

std::string quantity_text(std::int64_t thousandths) {
  return Decimal(thousandths, 3).normalized().text();
}

std::string episode_json(const EpisodePlan& episode, std::string_view id,
                         const Emission& emission) {
  JsonWriter writer;
  writer.begin_object()
      .member("resourceType", "EpisodeOfCare")
      .member("id", id)
      .key("identifier")
      .begin_array()
      .raw(plan_identifier(emission, episode.key))
      .end_array()
      .member("status", episode.status)
      .key("type")
      .begin_array()
      .raw(concept_json(local_system(emission, "program"),
                        episode::code(episode.program)))
      .end_array()
      .key("patient")
      .raw(reference_json(episode.referral->patient));
  if (!episode.organization.empty()) {
    writer.key("managingOrganization")
        .raw(reference_json(episode.organization));
  }
  if (episode.start) {
    writer.key("period")
        .begin_object()
        .member("start", episode.start->text())
        .end_object();
  }
  writer.key("referralRequest")
      .begin_array()
      .raw(reference_json(episode.referral->source.key))
      .end_array()
      .end_object();
  return writer.take();
}

namespace {

void write_activity(JsonWriter& writer, const std::vector<std::string>& states,
                    const Emission& emission) {
  const auto system = local_system(emission, "life-cycle");
  writer.key("activity").begin_object().key("coding").begin_array();
  for (const auto& state : states) {
    writer.begin_object()
        .member("system", system)
        .member("code", state)
        .end_object();
  }
  writer.end_array().end_object();
}

}  // namespace

std::string provenance_json(const ProvenanceBody& body,
                            const Emission& emission) {
  JsonWriter writer;
  writer.begin_object()
      .member("resourceType", "Provenance")
      .member("id", body.id)
      .key("target")
      .begin_array();
  for (const auto& target : body.targets) writer.raw(reference_json(target));
  writer.end_array().member("recorded", utc_text(emission.now));
  if (!body.policies.empty()) {
    writer.key("policy").begin_array();
    for (const auto& policy : body.policies) writer.string(policy);
    writer.end_array();
  }
  if (!body.reasons.empty()) {
    writer.key("reason").begin_array();
    for (const auto& rule : body.reasons) {
      writer.raw(concept_json(local_system(emission, "rule"), rule));
    }
    writer.end_array();
  }
  if (!body.states.empty()) write_activity(writer, body.states, emission);
  // Who acted is our Device; for whom, the partner whose case it is.
  writer.key("agent")
      .begin_array()
      .begin_object()
      .key("who")
      .begin_object()
      .member("type", "Device")
      .member("display", emission.device)
      .end_object()
      .key("onBehalfOf")
      .begin_object()
      .key("identifier")
      .begin_object()
      .member("system", emission.base + "/NamingSystem/partner")
      .member("value", emission.owner)
      .end_object()
      .end_object()
      .end_object()
      .end_array();
  if (!body.inputs.empty()) {
    writer.key("entity").begin_array();
    for (const auto& input : body.inputs) {
      writer.begin_object()
          .member("role", "source")
          .key("what")
          .raw(reference_json(input))
          .end_object();
    }
    writer.end_array();
  }
  writer.end_object();
  return writer.take();
}

}  // namespace gateway::billing
