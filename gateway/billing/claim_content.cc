#include "billing/claim_content.h"

#include <array>

#include "base/json.h"
#include "billing/judge.h"

namespace gateway::billing {
namespace {

constexpr Own kDiffers{
    "billing/differs-from-pulled",
    "The claim that the clearinghouse has says otherwise than the record",
    "a claim and a record that agree",
    "correct the record if it is wrong; else correct the claim with the payer: "
    "its money is the same, so nothing replaces it by itself",
    "review-claim",
    "Claim",
    fhir::Actor::biller};

using Reader = void (*)(Json claim, std::string& text);

void add(std::string& text, Json value) {
  text += value.text();
  text += ' ';
}

void add_code(std::string& text, Json concept_) {
  add(text, concept_.get("coding").first().get("code"));
}

void diagnoses(Json claim, std::string& text) {
  for (const Json one : claim.get("diagnosis")) {
    add_code(text, one.get("diagnosisCodeableConcept"));
  }
}

void injury(Json claim, std::string& text) {
  add(text, claim.find("accident.date"));
}

void claim_number(Json claim, std::string& text) {
  for (const Json one : claim.get("related")) {
    if (!one.get("claim").exists()) add(text, one.find("reference.value"));
  }
}

void people(Json claim, std::string& text) {
  for (const Json one : claim.get("careTeam")) {
    add_code(text, one.get("role"));
    add(text, one.find("provider.reference"));
  }
}

void place(Json claim, std::string& text) {
  for (const Json one : claim.get("item")) {
    add_code(text, one.get("locationCodeableConcept"));
  }
}

void provider(Json claim, std::string& text) {
  add(text, claim.find("provider.reference"));
}

struct Part {
  std::string_view name;
  Reader read;
};
constexpr std::array kParts = {Part{"diagnosis", diagnoses},
                               Part{"date of injury", injury},
                               Part{"claim number", claim_number},
                               Part{"referring or rendering provider", people},
                               Part{"place of service", place},
                               Part{"billing provider", provider}};

}  // namespace

std::string differing_content(const std::string& pulled,
                              const std::string& wanted) {
  const auto before = JsonDocument::parse(pulled);
  const auto now = JsonDocument::parse(wanted);
  std::string differing;
  if (!before || !now) return differing;
  for (const auto& part : kParts) {
    std::string old_text;
    std::string new_text;
    part.read(before->root(), old_text);
    part.read(now->root(), new_text);
    if (old_text == new_text) continue;
    if (!differing.empty()) differing += ", ";
    differing += part.name;
  }
  return differing;
}

Result<std::optional<Judgement>> differs_from_pulled(
    const ClaimPlan& claim, const episode::Emitted& pulled,
    const Emission& emission) {
  const auto text = claim_json(
      claim, {.id = pulled.id, .key = pulled.key, .status = pulled.status},
      emission);
  if (!text) return text.error();
  auto differing = differing_content(pulled.body, *text);
  if (differing.empty()) return std::optional<Judgement>();
  return {own(kDiffers, "@" + claim.key, std::move(differing))};
}

}  // namespace gateway::billing
