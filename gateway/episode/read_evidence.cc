#include <array>

#include "episode/read.h"

namespace gateway::episode {
namespace {

std::string document_kind(Json type, std::string_view base) {
  const auto local = std::string(base) + "/CodeSystem/document-type";
  if (const auto kind = code_in(type, local); !kind.empty()) {
    return std::string(kind);
  }
  if (has_code(type, "http://loinc.org", "11508-9")) return "progress-note";
  if (has_code(type, "http://loinc.org", "18842-5")) return "discharge-summary";
  return {};
}

// The first of several elements that one type or another has.
template <std::size_t N>
Json first_of(Json root, const std::array<const char*, N>& names) {
  for (const auto* name : names) {
    const auto found = root.find(name);
    if (found.exists()) return found;
  }
  return {};
}

constexpr std::array kDates = {"date",
                               "effectiveDateTime",
                               "dateTime",
                               "authored",
                               "sent",
                               "created",
                               "startDate",
                               "period.start",
                               "effectivePeriod.start",
                               "recordedDate"};
constexpr std::array kUntil = {"period.end", "target.dueDate"};
constexpr std::array kParts = {"section", "item", "participant", "recipient"};

void read_value(Json root, Evidence& evidence) {
  const auto quantity = root.find("valueQuantity.value");
  const auto number = quantity.exists() ? quantity : root.get("valueInteger");
  const auto value = decimal_in(number);
  const auto scaled = value ? value->rounded(3) : std::nullopt;
  if (scaled) {
    evidence.value = static_cast<std::int64_t>(scaled->coefficient());
  }
  evidence.value_code = root.find("valueCodeableConcept.coding.code").text();
}

void read_authors(Json root, std::string_view base, Evidence& evidence) {
  for (const Json author : root.get("author")) {
    const auto key = reference_in(author, base);
    evidence.by_patient |= key.starts_with("Patient/");
    evidence.by_practitioner |= key.starts_with("Practitioner");
  }
}

// Codings of CodeSystem/rule, wherever they stand: as an Observation's code, a
// Communication's reason, a DocumentReference's category.
void read_rule_codes(Json node, std::string_view system,
                     std::vector<std::string>& rules) {
  if (node.is_object() && node.get("system").text() == system) {
    rules.emplace_back(node.get("code").text());
  }
  for (const Json child : node) {
    if (child.is_object() || child.is_array()) {
      read_rule_codes(child, system, rules);
    }
  }
}

// A question is about a rule when its linkId is the rule's id; its answer is
// yes or no. Other resources say yes, unless they have a value that says no.
void read_attestations(Json root, std::string_view base, Evidence& evidence) {
  std::vector<std::string> rules;
  read_rule_codes(root, std::string(base) + "/CodeSystem/rule", rules);
  const bool holds = root.get("valueBoolean").text() != "false";
  for (auto& rule : rules) {
    evidence.attestations.push_back({std::move(rule), holds, evidence.date});
  }
  if (evidence.type != "QuestionnaireResponse") return;
  for (const Json item : root.get("item")) {
    const auto answer = item.find("answer.valueBoolean");
    const auto link = item.get("linkId").text();
    if (!answer.exists() || link.find('/') == std::string_view::npos) continue;
    evidence.attestations.push_back(
        {std::string(link), answer.text() == "true", evidence.date});
  }
}

}  // namespace

std::string discharge_reason(Json episode, std::string_view base) {
  const auto found = extension(
      episode, std::string(base) + "/StructureDefinition/discharge-reason");
  const auto code = found.get("valueCode").text();
  if (!code.empty()) return std::string(code);
  return std::string(found.find("valueCodeableConcept.coding.code").text());
}

Evidence read_evidence(const Reading& reading) {
  const Json root = reading.root;
  Evidence evidence;
  evidence.source = reading.source;
  evidence.type = root.get("resourceType").text();
  evidence.kind = document_kind(root.get("type"), reading.base);
  evidence.code = root.find("code.coding.code").text();
  evidence.status =
      first_of(root, std::array{"status", "lifecycleStatus"}).text();
  for (const auto* name : {"subject", "patient"}) {
    auto patient = reference_in(root.get(name), reading.base);
    if (!patient.empty()) evidence.patient = std::move(patient);
  }
  evidence.encounter = reference_in(root.get("encounter"), reading.base);
  if (evidence.encounter.empty()) {
    evidence.encounter =
        reference_in(root.find("context.encounter"), reading.base);
  }
  evidence.date = date_in(first_of(root, kDates));
  evidence.until = date_in(first_of(root, kUntil));
  for (const auto* name : kParts) {
    evidence.parts += static_cast<std::int64_t>(root.get(name).size());
  }
  evidence.referral =
      reference_in(root.get("referralRequest").first(), reading.base);
  evidence.has_target = root.get("target").size() > 0;
  evidence.reason = extension(root, std::string(reading.base) +
                                        "/StructureDefinition/discharge-reason")
                        .find("valueCodeableConcept.coding.code")
                        .text();
  if (evidence.reason.empty()) {
    evidence.reason =
        extension(root, std::string(reading.base) +
                            "/StructureDefinition/discharge-reason")
            .get("valueCode")
            .text();
  }
  for (const Json one : root.get("recipient")) {
    evidence.recipients.push_back(reference_in(one, reading.base));
  }
  read_value(root, evidence);
  read_authors(root, reading.base, evidence);
  read_attestations(root, reading.base, evidence);
  return evidence;
}

}  // namespace gateway::episode
