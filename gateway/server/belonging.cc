#include "server/belonging.h"

#include "fhir/resource.h"

namespace gateway::server {
namespace {

bool is_of_another(const store::StoredResource& stored,
                   const std::string& patient) {
  return !stored.case_key.empty() && stored.case_key != patient;
}

fhir::Finding moved(const Belonging& one) {
  return {.rule = "rest/other-patient",
          .type = fhir::IssueType::conflict,
          .expression = one.expression,
          .text =
              "what is stored under this identity belongs to another "
              "patient",
          .seen = one.patient.empty() ? "no patient" : "another patient",
          .wanted = "the patient that it was stored for",
          .remedy =
              "withdraw it under its own patient (entered-in-error), and "
              "send it anew with an identity of its own"};
}

fhir::Finding answers_another(const Belonging& one) {
  return {.rule = "rest/other-patient",
          .type = fhir::IssueType::conflict,
          .expression = one.expression + ".request",
          .text =
              "the answer names another patient than the claim that it "
              "answers",
          .seen = "another patient",
          .wanted = "the patient of the claim",
          .remedy = "correct the patient or the request"};
}

}  // namespace

Result<fhir::Outcome> misplaced(const std::vector<Belonging>& written,
                                const std::string& base,
                                const ReadStored& read) {
  fhir::Outcome outcome;
  for (const auto& one : written) {
    if (one.current != nullptr && is_of_another(*one.current, one.patient)) {
      outcome.add(moved(one));
    }
    const auto request = fhir::parse_reference(
        one.resource.find("request.reference").text(), base);
    if (!request || request->target.type != "Claim") continue;
    const auto claim = read(request->target);
    if (!claim) return claim.error();
    if (*claim && is_of_another(**claim, one.patient)) {
      outcome.add(answers_another(one));
    }
  }
  return outcome;
}

}  // namespace gateway::server
