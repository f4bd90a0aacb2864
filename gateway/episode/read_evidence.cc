#include <algorithm>
#include <array>

#include "episode/evidence_words.h"
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

constexpr std::array<std::string_view, 5> kReasons = {
    "goals-met", "return-to-work", "plateau", "medical-change",
    "non-compliance"};
constexpr std::string_view kHomeProgram = "home-exercise-program";

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

// Of a document its type, of a Consent or plan its category.
std::string kind_of(Json root, std::string_view base) {
  auto kind = document_kind(root.get("type"), base);
  for (const Json one : root.get("category")) {
    if (kind.empty()) kind = document_kind(one, base);
  }
  const bool plan = root.get("resourceType").text() == "CarePlan";
  if (kind.empty() && plan) {
    auto words = plain_words(root.get("title").text());
    for (const Json one : root.get("category")) words += "; " + words_of(one);
    if (is_home_program(words)) kind = kHomeProgram;
  }
  return kind;
}

// Whether a text, a code or a display of a concept is one of some words.
template <typename Is>
bool any_word(Json coded, const Is& is) {
  bool found = is(plain_words(coded.get("text").text()));
  for (const Json coding : coded.get("coding")) {
    for (const auto* name : {"code", "display"}) {
      found |= is(plain_words(coding.get(name).text()));
    }
  }
  return found;
}

// What a plan is for: where any of its names tells of a stay, that; where none
// tells anything, it may be one.
void read_plan(Json root, std::string_view base, Evidence& evidence) {
  bool stays =
      any_has_code(root.get("category"),
                   std::string(base) + "/CodeSystem/program",
                   "work-conditioning") ||
      any_has_code(root.get("category"),
                   std::string(base) + "/CodeSystem/program", "work-hardening");
  bool other = false;
  const auto hear = [&](const std::string& words) {
    stays |= plan_matter(words) == PlanMatter::stay;
    other |= plan_matter(words) == PlanMatter::other;
  };
  hear(plain_words(root.get("title").text()));
  for (const Json one : root.get("category")) hear(name_of(one));
  evidence.plans_other = other && !stays;
}

void read_addresses(Json root, std::string_view base, Evidence& evidence) {
  for (const Json one : root.get("addresses")) {
    auto key = reference_in(one, base);
    if (!key.empty()) evidence.addresses.push_back(std::move(key));
  }
}

void read_value(Json root, Evidence& evidence) {
  const auto quantity = root.find("valueQuantity.value");
  const auto number = quantity.exists() ? quantity : root.get("valueInteger");
  const auto value = decimal_in(number);
  const auto scaled = value ? value->rounded(3) : std::nullopt;
  if (scaled) {
    evidence.value = static_cast<std::int64_t>(scaled->coefficient());
  }
  const auto coded = root.get("valueCodeableConcept");
  evidence.value_words = plain_words(coded.find("coding.code").text());
  if (evidence.value_words.empty()) evidence.value_words = name_of(coded);
  if (evidence.value_words.empty()) {
    evidence.value_words = plain_words(root.get("valueString").text());
  }
  // A level of demand may be the display beside a code of somebody's own.
  for (const Json coding : coded.get("coding")) {
    auto display = plain_words(coding.get("display").text());
    if (is_demand_level(display)) evidence.value_words = std::move(display);
  }
  evidence.not_working =
      any_word(coded, says_not_working) ||
      says_not_working(plain_words(root.get("valueString").text()));
  for (const Json member : root) {
    const auto name = member.name();
    evidence.has_value |= name.starts_with("value") || name == "component";
  }
}

void read_authors(Json root, std::string_view base, Evidence& evidence) {
  for (const auto* name : {"author", "performer"}) {
    for (const Json one : root.get(name)) {
      const auto key = reference_in(one, base);
      const bool by_patient = key.starts_with("Patient/") ||
                              (!key.empty() && key == evidence.patient);
      evidence.by_patient |= by_patient;
      // What a Bundle names by a URN does not say of what type it is.
      evidence.by_practitioner |= key.starts_with("Practitioner") ||
                                  (!by_patient && key.starts_with("urn:"));
    }
  }
}

// The rule that a question asks about, which is answered by yes or no; empty
// where it asks about something else.
std::string_view attested_in(Json item) {
  const auto link = item.get("linkId").text();
  const bool rule = link.find('/') != std::string_view::npos &&
                    item.find("answer.valueBoolean").exists();
  return rule ? link : std::string_view();
}

// Which areas a document names, in the titles of its sections or in its
// questions, and how many questions it answers, at any depth.
void read_parts(Json parts, Evidence& evidence) {
  for (const Json part : parts) {
    auto words = words_of(part.get("code"));
    for (const auto* name : {"title", "text", "linkId"}) {
      words += "; " + plain_words(part.get(name).text());
    }
    evidence.areas |= evaluation_areas(words);
    const bool answers = part.get("answer").size() > 0;
    evidence.answers += answers && attested_in(part).empty() ? 1 : 0;
    for (const auto* name : {"section", "item"}) {
      read_parts(part.get(name), evidence);
    }
  }
}

// A consent to treatment; one that denies it is none.
void read_consent(Json root, Evidence& evidence) {
  evidence.consents =
      has_code(root.get("scope"),
               "http://terminology.hl7.org/CodeSystem/consentscope",
               "treatment") &&
      root.find("provision.type").text() != "deny";
}

// A flag warns against the program when its category says that it is about
// health, or its code that it is a contraindication; not where it says that
// there is none.
void read_flag(Json root, Evidence& evidence) {
  const auto words = words_of(root.get("code"));
  if (denies_contraindication(words)) return;
  constexpr std::string_view kCategory =
      "http://terminology.hl7.org/CodeSystem/flag-category";
  for (const auto* code : {"clinical", "safety"}) {
    evidence.contraindicates |=
        any_has_code(root.get("category"), kCategory, code);
  }
  evidence.contraindicates |=
      words.find(kContraindication) != std::string::npos;
}

// By its reference, else by its identifier or its name.
std::string recipient_of(Json reference, std::string_view base) {
  auto key = reference_in(reference, base);
  if (!key.empty()) return key;
  const auto identifier = reference.get("identifier");
  const auto value = identifier.get("value").text();
  if (!value.empty()) {
    return std::string(identifier.get("system").text()) + "|" +
           std::string(value);
  }
  return plain_words(reference.get("display").text());
}

void read_team(Json root, std::string_view base, Evidence& evidence) {
  for (const Json one : root.get("participant")) {
    const auto member = reference_in(one.get("member"), base);
    const bool treats = !member.starts_with("Patient/") &&
                        !member.starts_with("RelatedPerson/");
    for (const Json role : one.get("role")) {
      const auto words = name_of(role);
      evidence.has_director |= is_director(words_of(role));
      auto discipline = discipline_of(words);
      if (discipline.empty() || !treats) continue;
      evidence.disciplines.push_back(std::move(discipline));
    }
  }
}

void read_encounters(Json root, std::string_view base, Evidence& evidence) {
  const auto add = [&](Json one) {
    auto key = reference_in(one, base);
    if (!key.empty()) evidence.encounters.push_back(std::move(key));
  };
  add(root.get("encounter"));
  for (const Json one : root.find("context").get("encounter")) add(one);
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

// At any depth: questions stand in groups.
void read_answers(Json parts, Evidence& evidence) {
  for (const Json item : parts.get("item")) {
    if (const auto rule = attested_in(item); !rule.empty()) {
      const auto answer = item.find("answer.valueBoolean").text();
      evidence.attestations.push_back(
          {std::string(rule), answer == "true", evidence.date});
    }
    read_answers(item, evidence);
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
  if (evidence.type == "QuestionnaireResponse") read_answers(root, evidence);
}

}  // namespace

std::string discharge_reason(Json episode, std::string_view base) {
  const auto found = extension(
      episode, std::string(base) + "/StructureDefinition/discharge-reason");
  auto code = found.get("valueCode").text();
  if (code.empty()) {
    code = code_in(found.get("valueCodeableConcept"),
                   std::string(base) + "/CodeSystem/discharge-reason");
  }
  // Any other word is no reason (policy 481, O28).
  const bool known =
      std::find(kReasons.begin(), kReasons.end(), code) != kReasons.end();
  return known ? std::string(code) : std::string();
}

Evidence read_evidence(const Reading& reading) {
  const Json root = reading.root;
  Evidence evidence;
  evidence.source = reading.source;
  evidence.type = root.get("resourceType").text();
  evidence.kind = kind_of(root, reading.base);
  evidence.code = root.find("code.coding.code").text();
  evidence.status =
      first_of(root, std::array{"status", "lifecycleStatus"}).text();
  for (const auto* name : {"subject", "patient"}) {
    auto patient = reference_in(root.get(name), reading.base);
    if (!patient.empty()) evidence.patient = std::move(patient);
  }
  read_encounters(root, reading.base, evidence);
  evidence.date = date_in(first_of(root, kDates), reading.zone);
  evidence.at = instant_in(first_of(root, kDates));
  evidence.until = date_in(first_of(root, kUntil), reading.zone);
  for (const auto* name : kParts) {
    evidence.parts += static_cast<std::int64_t>(root.get(name).size());
  }
  for (const auto* name : {"section", "item"}) {
    read_parts(root.get(name), evidence);
  }
  evidence.referral =
      reference_in(root.get("referralRequest").first(), reading.base);
  evidence.has_target = root.get("target").size() > 0;
  evidence.reason = discharge_reason(root, reading.base);
  for (const Json one : root.get("recipient")) {
    evidence.recipients.push_back(recipient_of(one, reading.base));
  }
  if (evidence.type == "CarePlan") read_plan(root, reading.base, evidence);
  read_addresses(root, reading.base, evidence);
  if (evidence.type == "Consent") read_consent(root, evidence);
  if (evidence.type == "Flag") read_flag(root, evidence);
  if (evidence.type == "CareTeam") read_team(root, reading.base, evidence);
  read_value(root, evidence);
  read_authors(root, reading.base, evidence);
  read_attestations(root, reading.base, evidence);
  return evidence;
}

}  // namespace gateway::episode
