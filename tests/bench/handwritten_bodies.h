// The bodies of visits and bills as code once wrote them by hand: the baseline
// of emit_bench, which first shows that the maps write the same bytes.

#pragma once

#include <algorithm>
#include <string>

#include "base/json_writer.h"
#include "billing/emit.h"

namespace gateway::billing::handwritten {

inline std::string money_json(const Decimal& amount) {
  JsonWriter writer;
  writer.begin_object()
      .key("value")
      .raw(amount.text())
      .member("currency", "USD")
      .end_object();
  return writer.take();
}

inline std::string local_text(const Visit& visit, Instant instant) {
  const auto zone = Zone::named(visit.zone);
  return zone ? zone->text(instant) : utc_text(instant);
}

inline void write_participants(JsonWriter& writer, const Visit& visit) {
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

inline void write_time(JsonWriter& writer, const Visit& visit) {
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

inline std::string encounter_json(const Visit& visit, const EncounterBody& body,
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

constexpr std::string_view kClaimType =
    "http://terminology.hl7.org/CodeSystem/claim-type";
constexpr std::string_view kPriority =
    "http://terminology.hl7.org/CodeSystem/processpriority";
constexpr std::string_view kRelationship =
    "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship";
constexpr std::string_view kDiagnosisType =
    "http://terminology.hl7.org/CodeSystem/ex-diagnosistype";
constexpr std::string_view kCareTeamRole =
    "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimCareTeamRole";
constexpr std::string_view kPatientControlNumber = "AN";

// At most 20 letters and digits, as X12 837P, CLM01, will carry it.
inline std::string control_number(std::string_view id) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char byte : id) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
  }
  std::string text = "WG";
  for (int digit = 0; digit < 13; ++digit) {
    text += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[hash % 36];
    hash /= 36;
  }
  return text;
}

class ClaimWriter {
 public:
  ClaimWriter(const ClaimPlan& claim, const ClaimBody& body,
              const Emission& emission)
      : claim_(claim), body_(body), emission_(emission) {}

  std::string write() {
    out_.begin_object().member("resourceType", "Claim").member("id", body_.id);
    write_head();
    write_related();
    write_care_team();
    write_diagnoses();
    write_insurance();
    if (claim_.injury) write_accident();
    out_.key("item").begin_array();
    for (const auto* visit : claim_.visits) {
      for (const auto& line : visit->lines) write_line(*visit, line);
    }
    out_.end_array();
    if (claim_.total) out_.key("total").raw(money_json(*claim_.total));
    out_.end_object();
    return out_.take();
  }

  std::string identifiers() const {
    JsonWriter out;
    out.begin_array()
        .begin_object()
        .key("type")
        .raw(concept_json(episode::kIdentifierType, kPatientControlNumber))
        .member("system", emission_.base + "/NamingSystem/claim")
        .member("value", control_number(body_.id))
        .end_object()
        .raw(plan_identifier(emission_, body_.key))
        .end_array();
    return out.take();
  }

  std::string frequency() const {
    JsonWriter out;
    out.begin_array()
        .begin_object()
        .member("url", emission_.base + "/StructureDefinition/claim-frequency")
        .member("valueCode", body_.frequency)
        .end_object()
        .end_array();
    return out.take();
  }

 private:
  const Visit& first() const { return *claim_.visits.front(); }

  void write_head() {
    out_.key("extension").raw(frequency());
    out_.key("identifier").raw(identifiers());
    out_.member("status", body_.status)
        .key("type")
        .raw(concept_json(kClaimType, "professional"))
        .member("use", "claim")
        .key("patient")
        .raw(reference_json(first().referral->patient))
        .key("billablePeriod")
        .begin_object()
        .member("start", first().date.text())
        .member("end", claim_.visits.back()->date.text())
        .end_object()
        .member("created", body_.created);
    if (!claim_.insurer.empty()) {
      out_.key("insurer").raw(reference_json(claim_.insurer));
    }
    out_.key("provider")
        .raw(reference_json(first().provider))
        .key("priority")
        .raw(concept_json(kPriority, "normal"))
        .key("referral")
        .raw(reference_json(first().referral->source.key));
    if (!first().location.empty()) {
      out_.key("facility").raw(reference_json(first().location));
    }
  }

  void write_related() {
    const bool replaces = !body_.prior.empty();
    if (claim_.claim_number.empty() && !replaces) return;
    out_.key("related").begin_array();
    if (!claim_.claim_number.empty()) {
      out_.begin_object()
          .key("relationship")
          .raw(concept_json(kRelationship, "associated"))
          .key("reference")
          .begin_object()
          .member("value", claim_.claim_number)
          .end_object()
          .end_object();
    }
    if (replaces) write_prior();
    out_.end_array();
  }

  void write_prior() {
    out_.begin_object()
        .key("claim")
        .raw(reference_json(body_.prior))
        .key("relationship")
        .raw(concept_json(kRelationship, "prior"));
    if (!body_.payer_number.empty()) {
      out_.key("reference")
          .begin_object()
          .member("value", body_.payer_number)
          .end_object();
    }
    out_.end_object();
  }

  void write_member(int sequence, std::string_view provider,
                    std::string_view role) {
    out_.begin_object()
        .key("sequence")
        .integer(sequence)
        .key("provider")
        .raw(reference_json(provider))
        .key("role")
        .raw(concept_json(kCareTeamRole, role))
        .end_object();
  }

  void write_care_team() {
    if (claim_.requester.empty() && claim_.rendering.empty()) return;
    out_.key("careTeam").begin_array();
    if (!claim_.requester.empty()) {
      write_member(1, claim_.requester, "referring");
    }
    if (!claim_.rendering.empty()) {
      rendering_ = claim_.requester.empty() ? 1 : 2;
      write_member(rendering_, claim_.rendering, "rendering");
    }
    out_.end_array();
  }

  void write_diagnoses() {
    if (claim_.diagnoses.empty()) return;
    out_.key("diagnosis").begin_array();
    int sequence = 0;
    for (const auto& code : claim_.diagnoses) {
      out_.begin_object()
          .key("sequence")
          .integer(++sequence)
          .key("diagnosisCodeableConcept")
          .raw(concept_json(episode::kIcd10, code));
      if (sequence == 1) {
        out_.key("type")
            .begin_array()
            .raw(concept_json(kDiagnosisType, "principal"))
            .end_array();
      }
      out_.end_object();
    }
    out_.end_array();
  }

  void write_insurance() {
    const auto coverage = claim_.coverage == nullptr
                              ? std::string()
                              : claim_.coverage->source.key;
    out_.key("insurance")
        .begin_array()
        .begin_object()
        .key("sequence")
        .integer(1)
        .key("focal")
        .boolean(true)
        .key("coverage")
        .raw(reference_json(coverage));
    if (!claim_.authorization.empty()) {
      out_.key("preAuthRef")
          .begin_array()
          .string(claim_.authorization)
          .end_array();
    }
    out_.end_object().end_array();
  }

  void write_accident() {
    out_.key("accident")
        .begin_object()
        .member("date", claim_.injury->text())
        .key("type")
        .raw(concept_json(episode::kActCode, "WPA"))
        .end_object();
  }

  void write_numbers(std::string_view name, int count, int from) {
    if (count <= 0) return;
    out_.key(name).begin_array();
    for (int number = 0; number < count; ++number) out_.integer(from + number);
    out_.end_array();
  }

  void write_modifiers(const Line& line) {
    if (line.modifiers.empty()) return;
    out_.key("modifier").begin_array();
    for (const auto& modifier : line.modifiers) {
      out_.raw(concept_json(episode::kCpt, modifier));
    }
    out_.end_array();
  }

  void write_line(const Visit& visit, const Line& line) {
    constexpr int kMostDiagnoses = 4;  // pointers of a line: 837P, SV107
    out_.begin_object().key("sequence").integer(++sequence_);
    if (rendering_ > 0) write_numbers("careTeamSequence", 1, rendering_);
    write_numbers(
        "diagnosisSequence",
        std::min(kMostDiagnoses, static_cast<int>(claim_.diagnoses.size())), 1);
    out_.key("productOrService").raw(concept_json(episode::kCpt, line.code));
    write_modifiers(line);
    out_.member("servicedDate", line.date.text())
        .key("locationCodeableConcept")
        .raw(concept_json(episode::kPlaceOfService, visit.place_of_service))
        .key("quantity")
        .begin_object()
        .key("value")
        .raw(quantity_text(line.quantity))
        .end_object();
    if (line.unit_price) {
      out_.key("unitPrice").raw(money_json(*line.unit_price));
    }
    if (line.net) out_.key("net").raw(money_json(*line.net));
    out_.key("encounter")
        .begin_array()
        .raw(reference_json(emission_.resolve(line.encounter)))
        .end_array()
        .end_object();
  }

  const ClaimPlan& claim_;
  const ClaimBody& body_;
  const Emission& emission_;
  JsonWriter out_;
  int rendering_ = 0;
  int sequence_ = 0;
};

inline std::string claim_json(const ClaimPlan& claim, const ClaimBody& body,
                              const Emission& emission) {
  return ClaimWriter(claim, body, emission).write();
}

inline void write_activity(JsonWriter& writer,
                           const std::vector<std::string>& states,
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

inline std::string provenance_json(const ProvenanceBody& body,
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

}  // namespace gateway::billing::handwritten
