#include "episode/read.h"

namespace gateway::episode {
namespace {

// The type of the target tells which element of the order is meant.
void read_reference(std::string key, Correction& correction) {
  const auto type = key.substr(0, key.find('/'));
  if (type == "ServiceRequest") {
    correction.successor = std::move(key);
  } else if (type == "Practitioner" || type == "PractitionerRole") {
    correction.requester = std::move(key);
  } else if (type == "Coverage" || type == "ClaimResponse") {
    correction.insurance.push_back(std::move(key));
  } else if (type == "Condition") {
    correction.conditions.push_back(std::move(key));
  }
}

void read_concept(Json value, std::string_view base, Correction& correction) {
  const auto program = program_in(value, base);
  if (program != Program::none) correction.program = program;
  const auto icd10 = code_in(value, kIcd10);
  if (icd10.empty()) return;
  correction.diagnoses.push_back({std::string(icd10), std::nullopt, ""});
}

}  // namespace

Correction read_correction(const Reading& reading) {
  Correction correction;
  correction.source = reading.source;
  const Json task = reading.root;
  const auto focus = reference_in(task.get("focus"), reading.base);
  if (focus.starts_with("ServiceRequest/")) correction.referral = focus;
  const auto status = task.get("status").text();
  const bool refused = status == "rejected" || status == "failed" ||
                       status == "entered-in-error";
  if (refused || correction.referral.empty()) return correction;
  for (const Json output : task.get("output")) {
    if (const auto timing = output.get("valueTiming"); timing.exists()) {
      correction.frequency = read_timing(timing, reading.zone);
    }
    const auto quantity = decimal_in(output.find("valueQuantity.value"));
    if (quantity) correction.ordered_visits = quantity->truncated();
    auto key = reference_in(output.get("valueReference"), reading.base);
    if (!key.empty()) read_reference(std::move(key), correction);
    read_concept(output.get("valueCodeableConcept"), reading.base, correction);
  }
  if (!correction.says_nothing()) {
    correction.references = references_in(task.get("output"), reading.base);
  }
  return correction;
}

}  // namespace gateway::episode
