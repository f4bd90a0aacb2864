#include "exchange/search_parameters.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "exchange/search_value.h"
#include "fhir/resource.h"

namespace gateway::exchange {
namespace {

constexpr SearchParameter identifier(std::string_view path = "identifier") {
  return {"identifier", ParameterKind::identifier, path, {}};
}
constexpr SearchParameter status(std::string_view system) {
  return {"status", ParameterKind::code, "status", system};
}
constexpr SearchParameter reference(std::string_view name,
                                    std::string_view path,
                                    std::string_view of) {
  return {name, ParameterKind::reference, path, of};
}
constexpr SearchParameter patient(std::string_view path = "patient") {
  return reference("patient", path, "Patient");
}
// `subject`, of which `patient` is the part whose target is a Patient.
constexpr SearchParameter subject(std::string_view of) {
  return reference("subject", "subject", of);
}
constexpr SearchParameter patient_in(std::string_view covering,
                                     std::string_view path) {
  return {"patient", ParameterKind::reference, path, "Patient", covering};
}
constexpr SearchParameter based_on(std::string_view of) {
  return reference("based-on", "basedOn", of);
}

constexpr auto kPatientInSubject = patient_in("subject", "subject");
constexpr std::string_view kPatientOrGroup = "Patient Group";
constexpr std::string_view kFinancial = "http://hl7.org/fhir/fm-status";
constexpr std::string_view kRequest = "http://hl7.org/fhir/request-status";
constexpr std::string_view kEvent = "http://hl7.org/fhir/event-status";
constexpr SearchParameter kUse = {"use", ParameterKind::code, "use",
                                  "http://hl7.org/fhir/claim-use"};

// The official parameters of R4 (https://hl7.org/fhir/R4/searchparameter-
// registry.html), as far as DESIGN B6 names them.
constexpr std::array kAppointment = {
    identifier(), patient("participant.actor"),
    status("http://hl7.org/fhir/appointmentstatus"),
    based_on("ServiceRequest")};
constexpr std::array kCarePlan = {identifier(), subject(kPatientOrGroup),
                                  kPatientInSubject, status(kRequest),
                                  based_on("CarePlan")};
constexpr std::array kCareTeam = {
    identifier(), subject(kPatientOrGroup), kPatientInSubject,
    status("http://hl7.org/fhir/care-team-status")};
constexpr std::array kClaim = {identifier(), patient(), status(kFinancial),
                               kUse};
constexpr std::array kClaimResponse = {
    identifier(), patient(), status(kFinancial), kUse,
    reference("request", "request", "Claim")};
constexpr std::array kCommunication = {identifier(), subject(kPatientOrGroup),
                                       kPatientInSubject, status(kEvent),
                                       based_on({})};
constexpr std::array kComposition = {
    identifier(), subject({}), kPatientInSubject,
    status("http://hl7.org/fhir/composition-status")};
constexpr std::array kCondition = {identifier(), subject(kPatientOrGroup),
                                   kPatientInSubject};
constexpr std::array kConsent = {
    identifier(), patient(), status("http://hl7.org/fhir/consent-state-codes")};
constexpr std::array kCoverage = {identifier(), patient("beneficiary"),
                                  status(kFinancial)};
constexpr std::array kCoverageEligibilityResponse = {
    identifier(), patient(), status(kFinancial),
    reference("request", "request", "CoverageEligibilityRequest")};
constexpr std::array kDevice = {identifier(), patient(),
                                status("http://hl7.org/fhir/device-status")};
constexpr std::array kDocumentReference = {
    identifier("masterIdentifier|identifier"),
    subject("Patient Practitioner Group Device"), kPatientInSubject,
    status("http://hl7.org/fhir/document-reference-status")};
constexpr std::array kEncounter = {
    identifier(), subject(kPatientOrGroup), kPatientInSubject,
    status("http://hl7.org/fhir/encounter-status"), based_on("ServiceRequest")};
constexpr std::array kEpisodeOfCare = {
    identifier(), patient(),
    status("http://hl7.org/fhir/episode-of-care-status"),
    reference("incoming-referral", "referralRequest", "ServiceRequest")};
constexpr std::array kFlag = {
    identifier(),
    subject("Patient Location Group Organization Practitioner PlanDefinition "
            "Medication Procedure"),
    kPatientInSubject};
constexpr std::array kGoal = {
    identifier(), subject("Patient Group Organization"), kPatientInSubject};
constexpr std::array kLocation = {
    identifier(), status("http://hl7.org/fhir/location-status")};
constexpr std::array kObservation = {
    identifier(),
    subject("Patient Group Device Location"),
    kPatientInSubject,
    status("http://hl7.org/fhir/observation-status"),
    based_on("CarePlan DeviceRequest ImmunizationRecommendation "
             "MedicationRequest NutritionOrder ServiceRequest"),
    reference("focus", "focus", {})};
constexpr std::array kIdentifierOnly = {identifier()};
constexpr std::array kProcedure = {identifier(), subject(kPatientOrGroup),
                                   kPatientInSubject, status(kEvent),
                                   based_on("CarePlan ServiceRequest")};
constexpr std::array kProvenance = {reference("target", "target", {}),
                                    patient_in("target", "target")};
constexpr std::array kQuestionnaireResponse = {
    identifier(), subject({}), kPatientInSubject,
    status("http://hl7.org/fhir/questionnaire-answers-status"),
    based_on("CarePlan ServiceRequest")};
constexpr std::array kServiceRequest = {
    identifier(), subject("Patient Group Device Location"), kPatientInSubject,
    status(kRequest), based_on("CarePlan MedicationRequest ServiceRequest")};
// R4 has both names for Task.for.
constexpr std::array kTask = {identifier(),
                              reference("subject", "for", {}),
                              patient_in("subject", "for"),
                              status("http://hl7.org/fhir/task-status"),
                              based_on({}),
                              reference("focus", "focus", {})};

constexpr std::array kTypes = {
    ResourceType{"Appointment", kAppointment},
    ResourceType{"CarePlan", kCarePlan},
    ResourceType{"CareTeam", kCareTeam},
    ResourceType{"Claim", kClaim},
    ResourceType{"ClaimResponse", kClaimResponse},
    ResourceType{"Communication", kCommunication},
    ResourceType{"Composition", kComposition},
    ResourceType{"Condition", kCondition},
    ResourceType{"Consent", kConsent},
    ResourceType{"Coverage", kCoverage},
    ResourceType{"CoverageEligibilityResponse", kCoverageEligibilityResponse},
    ResourceType{"Device", kDevice},
    ResourceType{"DocumentReference", kDocumentReference},
    ResourceType{"Encounter", kEncounter},
    ResourceType{"EpisodeOfCare", kEpisodeOfCare},
    ResourceType{"Flag", kFlag},
    ResourceType{"Goal", kGoal},
    ResourceType{"Location", kLocation},
    ResourceType{"Observation", kObservation},
    ResourceType{"Organization", kIdentifierOnly},
    ResourceType{"Patient", kIdentifierOnly},
    ResourceType{"Practitioner", kIdentifierOnly},
    ResourceType{"PractitionerRole", kIdentifierOnly},
    ResourceType{"Procedure", kProcedure},
    ResourceType{"Provenance", kProvenance},
    ResourceType{"QuestionnaireResponse", kQuestionnaireResponse},
    ResourceType{"ServiceRequest", kServiceRequest},
    ResourceType{"Task", kTask}};

// Calls `visit` for each node that `path` leads to; arrays stand for all of
// their items.
template <typename Visit>
void for_each(Json node, std::string_view path, const Visit& visit) {
  if (node.is_array()) {
    for (const Json item : node) for_each(item, path, visit);
    return;
  }
  if (path.empty()) {
    if (node.exists()) visit(node);
    return;
  }
  const auto dot = std::min(path.find('.'), path.size());
  for_each(node.get(path.substr(0, dot)),
           path.substr(std::min(dot + 1, path.size())), visit);
}

void add(std::vector<store::IndexEntry>& entries, std::string_view name,
         std::string value) {
  store::IndexEntry entry{std::string(name), std::move(value)};
  if (std::find(entries.begin(), entries.end(), entry) == entries.end()) {
    entries.push_back(std::move(entry));
  }
}

void add_reference(std::vector<store::IndexEntry>& entries,
                   const SearchParameter& parameter, Json node,
                   const Site& site) {
  auto key = reference_key(node.get("reference").text(), site);
  if (key.empty()) return;
  const auto parsed = fhir::parse_reference(key);
  if (parsed && !may_target(parameter, parsed->target.type)) return;
  add(entries, parameter.name, std::move(key));
}

void add_identifier(std::vector<store::IndexEntry>& entries,
                    const SearchParameter& parameter, Json node) {
  const auto value = node.get("value").text();
  const auto system = node.get("system").text();
  if (!value.empty()) {
    add(entries, parameter.name, token_text(system, value));
    add(entries, parameter.name, escaped_token_part(value));
  }
  if (!system.empty()) add(entries, parameter.name, token_text(system, {}));
}

void add_values(std::vector<store::IndexEntry>& entries,
                const SearchParameter& parameter, Json node, const Site& site) {
  switch (parameter.kind) {
    case ParameterKind::reference:
      return add_reference(entries, parameter, node, site);
    case ParameterKind::identifier:
      return add_identifier(entries, parameter, node);
    case ParameterKind::code:
      if (!node.is_string()) return;
      return add(entries, parameter.name, std::string(node.text()));
  }
}

}  // namespace

std::span<const ResourceType> resource_types() { return kTypes; }

const ResourceType* find_type(std::string_view name) {
  const auto* const found =
      std::lower_bound(kTypes.begin(), kTypes.end(), name,
                       [](const ResourceType& type, std::string_view n) {
                         return type.name < n;
                       });
  return found != kTypes.end() && found->name == name ? found : nullptr;
}

const SearchParameter* find_parameter(const ResourceType& type,
                                      std::string_view name) {
  for (const auto& parameter : type.parameters) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

bool may_target(const SearchParameter& parameter, std::string_view type) {
  if (parameter.of.empty()) return true;
  const auto types = split(parameter.of, ' ');
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::string reference_key(std::string_view reference, const Site& site) {
  if (reference.empty() || reference[0] == '#') return {};
  const auto parsed = fhir::parse_reference(reference, site.base);
  return parsed ? parsed->target.text() : std::string(reference);
}

std::vector<store::IndexEntry> index_entries(Json resource, const Site& site) {
  std::vector<store::IndexEntry> entries;
  const auto* const type = find_type(resource.get("resourceType").text());
  if (type == nullptr) return entries;
  for (const auto& parameter : type->parameters) {
    if (!parameter.covered_by.empty()) continue;
    for (const auto path : split(parameter.path, '|')) {
      for_each(resource, path,
               [&](Json node) { add_values(entries, parameter, node, site); });
    }
  }
  return entries;
}

std::string patient_reference(Json resource) {
  const auto* const type = find_type(resource.get("resourceType").text());
  const auto* const parameter =
      type == nullptr ? nullptr : find_parameter(*type, "patient");
  std::string reference;
  if (parameter == nullptr) return reference;
  for_each(resource, parameter->path, [&](Json node) {
    if (reference.empty()) reference = node.get("reference").text();
  });
  return reference;
}

std::string patient_of(Json resource, const Site& site) {
  const auto name = resource.get("resourceType").text();
  if (name == "Patient") {
    return "Patient/" + std::string(resource.get("id").text());
  }
  const auto* const type = find_type(name);
  const auto* const parameter =
      type == nullptr ? nullptr : find_parameter(*type, "patient");
  std::string patient;
  if (parameter == nullptr) return patient;
  for_each(resource, parameter->path, [&](Json node) {
    auto key = reference_key(node.get("reference").text(), site);
    if (patient.empty() && key.substr(0, 8) == "Patient/") {
      patient = std::move(key);
    }
  });
  return patient;
}

std::string_view status_of(Json resource) {
  return resource.get("status").text();
}

}  // namespace gateway::exchange
