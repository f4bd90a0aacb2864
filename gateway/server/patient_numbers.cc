#include "server/patient_numbers.h"

#include <map>
#include <optional>
#include <set>
#include <variant>

#include "exchange/read_side.h"
#include "exchange/search_request.h"
#include "map/bundle_request.h"

namespace gateway::server {
namespace {

std::optional<exchange::SearchRequest> search_of(const PatientNumber& number,
                                                 const exchange::Site& site) {
  map::BusinessKey key;
  key.system = number.system;
  key.value = number.value;
  auto parsed = exchange::parse_condition("Patient", key.query(), site);
  auto* search = std::get_if<exchange::SearchRequest>(&parsed);
  if (search == nullptr) return std::nullopt;
  return std::move(*search);
}

bool is_number(Json identifier, std::string_view system,
               std::string_view value) {
  return identifier.get("system").text() == system &&
         identifier.get("value").text() == value;
}

bool is_mapped(Json resource) {
  return resource.find("meta.source").text().find("/map/") !=
         std::string_view::npos;
}

// Which of those that found the patient stands first among its identifiers.
std::size_t first_of(const std::vector<PatientNumber>& numbers,
                     const std::vector<std::size_t>& known, Json identifiers) {
  for (const Json identifier : identifiers) {
    for (const auto i : known) {
      if (is_number(identifier, numbers[i].system, numbers[i].value)) return i;
    }
  }
  return known.front();
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
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto& number = numbers[i];
    const auto search = search_of(number, site);
    if (!search) continue;
    const auto found =
        exchange::matches(*search, store::Scope::of(owner), store);
    if (!found) return found.error();
    if (!found->empty()) known.push_back(i);
    for (const auto& id : *found) {
      places_by_patient[id.text()].insert(number.place);
      named.only = id;
    }
  }
  if (places_by_patient.size() > 1) {
    named.several.add(finding_of(places_by_patient));
    named.only.reset();
  }
  if (!named.only) return named;
  const auto stored =
      store.read(store::Scope::of(owner), *named.only, std::nullopt);
  if (!stored) return stored.error();
  if (!*stored) return named;
  const auto document = JsonDocument::parse((*stored)->body);
  if (!document) return document.error();
  // What came as FHIR has nothing that a map named by its first number.
  named.first =
      is_mapped(document->root())
          ? first_of(numbers, known, document->root().get("identifier"))
          : known.front();
  return named;
}

std::optional<fhir::Finding> known_by_another(std::string_view stored,
                                              Json sent,
                                              const std::string& expression) {
  // Most senders say the same again: then nothing needs to be parsed.
  for (const Json identifier : sent.get("identifier")) {
    const auto in_front = "\"identifier\":[" + std::string(identifier.raw());
    if (stored.find(in_front) != std::string_view::npos) return std::nullopt;
  }
  const auto document = JsonDocument::parse(std::string(stored));
  if (!document) return std::nullopt;
  const Json patient = document->root();
  if (!is_mapped(patient)) return std::nullopt;
  const Json first = patient.get("identifier").first();
  for (const Json identifier : sent.get("identifier")) {
    if (is_number(identifier, first.get("system").text(),
                  first.get("value").text())) {
      return std::nullopt;
    }
  }
  return fhir::Finding{
      .rule = "v2/known-by-another-number",
      .severity = fhir::Severity::information,
      .type = fhir::IssueType::informational,
      .expression = expression + ".identifier",
      .text =
          "the patient was first known by a number that the message does "
          "not say; what is numbered by the patient, as diagnoses and "
          "coverages, is taken for new",
      .wanted = "all numbers under which the patient is known",
      .remedy =
          "send that number, too (PID-3), where the message is to change "
          "or withdraw what was sent under it"};
}

}  // namespace gateway::server
