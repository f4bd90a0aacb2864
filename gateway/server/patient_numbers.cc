#include "server/patient_numbers.h"

#include <map>
#include <optional>
#include <set>
#include <variant>

#include "exchange/read_side.h"
#include "exchange/search_request.h"

namespace gateway::server {
namespace {

std::optional<exchange::SearchRequest> search_of(const PatientNumber& number,
                                                 const exchange::Site& site) {
  auto parsed = exchange::parse_condition("Patient", number.query, site);
  auto* search = std::get_if<exchange::SearchRequest>(&parsed);
  if (search == nullptr) return std::nullopt;
  return std::move(*search);
}

fhir::Finding finding_of(
    const std::map<std::string, std::set<std::string>>& places_by_patient) {
  std::string seen;
  for (const auto& [patient, places] : places_by_patient) {
    if (!seen.empty()) seen += "; ";
    seen += patient + " by";
    for (const auto& place : places) seen += " " + place;
  }
  return {.rule = kSeveralPatients,
          .severity = fhir::Severity::warning,
          .type = fhir::IssueType::conflict,
          .expression = "PID-3",
          .text = "the numbers of the patient belong to different patients",
          .seen = seen,
          .wanted = "numbers of one patient",
          .remedy =
              "send the message again with the numbers of its own patient, and "
              "cancel this one's Task; if all are one person's, take the "
              "number off the other patient: this message is then taken up",
          .actor = fhir::Actor::front_office};
}

}  // namespace

std::vector<std::string> number_lanes(const std::vector<PatientNumber>& numbers,
                                      const std::string& owner,
                                      const exchange::Site& site) {
  std::vector<std::string> lanes;
  for (const auto& number : numbers) {
    const auto search = search_of(number, site);
    if (!search) continue;
    lanes.push_back("1 " + owner + " Patient?" +
                    exchange::query_text(search->applied));
  }
  return lanes;
}

Result<PatientsNamed> patients_named(const std::vector<PatientNumber>& numbers,
                                     const std::string& owner,
                                     const exchange::Site& site,
                                     store::Store& store) {
  PatientsNamed named;
  std::map<std::string, std::set<std::string>> places_by_patient;
  for (const auto& number : numbers) {
    const auto search = search_of(number, site);
    if (!search) continue;
    const auto found =
        exchange::matches(*search, store::Scope::of(owner), store);
    if (!found) return found.error();
    for (const auto& id : *found) {
      places_by_patient[id.text()].insert(number.place);
      named.only = id;
    }
  }
  if (places_by_patient.size() > 1) {
    named.several.add(finding_of(places_by_patient));
    named.only.reset();
  }
  return named;
}

}  // namespace gateway::server
