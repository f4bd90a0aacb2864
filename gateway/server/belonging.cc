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

fhir::Finding books_for_another(const Belonging& one) {
  return {.rule = "rest/other-patient",
          .type = fhir::IssueType::conflict,
          .expression = one.expression + ".basedOn",
          .text =
              "the slot names another patient than the referral that it is "
              "booked for",
          .seen = "another patient",
          .wanted = "the patient of the referral",
          .remedy = "correct the patient or the number of the referral"};
}

// What a resource refers to there, if it is stored.
Result<std::optional<store::StoredResource>> referred(Json reference,
                                                      std::string_view type,
                                                      const std::string& base,
                                                      const ReadStored& read) {
  const auto target =
      fhir::parse_reference(reference.get("reference").text(), base);
  if (!target || target->target.type != type) {
    return std::optional<store::StoredResource>();
  }
  return read(target->target);
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
    const auto claim =
        referred(one.resource.get("request"), "Claim", base, read);
    if (!claim) return claim.error();
    if (*claim && is_of_another(**claim, one.patient)) {
      outcome.add(answers_another(one));
    }
    if (one.resource.get("resourceType").text() != "Appointment") continue;
    for (const Json order : one.resource.get("basedOn")) {
      const auto referral = referred(order, "ServiceRequest", base, read);
      if (!referral) return referral.error();
      if (*referral && is_of_another(**referral, one.patient)) {
        outcome.add(books_for_another(one));
      }
    }
  }
  return outcome;
}

}  // namespace gateway::server
