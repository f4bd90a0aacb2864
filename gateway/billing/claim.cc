// Emission of a claim's content as a FHIR Claim.

#include "base/json_writer.h"
#include "billing/emit.h"

namespace gateway::billing {
namespace {

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
std::string control_number(std::string_view id) {
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

  // The relationships of another claim, but with our own prior claim.
  std::string related_like(Json related) {
    out_.begin_array();
    for (const Json one : related) {
      if (!one.get("claim").exists()) out_.raw(one.raw());
    }
    write_prior();
    out_.end_array();
    return out_.take();
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

}  // namespace

std::string claim_json(const ClaimPlan& claim, const ClaimBody& body,
                       const Emission& emission) {
  return ClaimWriter(claim, body, emission).write();
}

std::string claim_like(std::string_view emitted, const ClaimBody& body,
                       const Emission& emission) {
  const auto document = JsonDocument::parse(std::string(emitted));
  if (!document) return {};
  ClaimPlan none;
  ClaimWriter heading(none, body, emission);
  JsonWriter out;
  out.begin_object();
  for (const Json member : document->root()) {
    const auto name = member.name();
    if (name == "extension") {
      out.key(name).raw(heading.frequency());
    } else if (name == "identifier") {
      out.key(name).raw(heading.identifiers());
    } else if (name == "related" && !body.prior.empty()) {
      out.key(name).raw(heading.related_like(member));
    } else if (name == "id") {
      out.member(name, body.id);
    } else if (name == "status") {
      out.member(name, body.status);
    } else if (name == "created") {
      out.member(name, body.created);
    } else {
      out.key(name).raw(member.raw());
    }
  }
  return out.end_object().take();
}

std::string financial_text(const ClaimPlan& claim) {
  std::string text;
  for (const auto* visit : claim.visits) {
    for (const auto& line : visit->lines) {
      text += line.code;
      for (const auto& modifier : line.modifiers) text += "-" + modifier;
      text += ' ' + line.date.text() + ' ' + quantity_text(line.quantity) + ' ';
      if (line.net) text += line.net->text();
      text += ';';
    }
  }
  return text;
}

}  // namespace gateway::billing
