#include <algorithm>

#include "episode/read.h"

namespace gateway::episode {
namespace {

void add_taxonomy(Json concept_, std::vector<std::string>& taxonomies) {
  const auto code = code_in(concept_, "http://nucc.org/provider-taxonomy");
  if (!code.empty()) taxonomies.emplace_back(code);
}

// NUCC taxonomy: allopathic and osteopathic physicians begin with 20.
bool is_physician(const std::vector<std::string>& taxonomies) {
  return std::any_of(taxonomies.begin(), taxonomies.end(),
                     [](const auto& one) { return one.starts_with("20"); });
}

bool has_degree(Json qualifications) {
  constexpr std::string_view kDegree =
      "http://terminology.hl7.org/CodeSystem/v2-0360";
  for (const Json one : qualifications) {
    const auto code = code_in(one.get("code"), kDegree);
    if (code == "MD" || code == "DO") return true;
  }
  return false;
}

}  // namespace

Location read_location(const Reading& reading) {
  const Json root = reading.root;
  Location read;
  read.source = reading.source;
  read.zone = extension(root, std::string(reading.base) +
                                  "/StructureDefinition/timezone")
                  .get("valueCode")
                  .text();
  for (const Json type : root.get("type")) {
    const auto place = code_in(type, kPlaceOfService);
    if (!place.empty()) read.place_of_service = place;
  }
  read.organization =
      reference_in(root.get("managingOrganization"), reading.base);
  return read;
}

Organization read_organization(const Reading& reading) {
  const Json root = reading.root;
  Organization read;
  read.source = reading.source;
  read.name = root.get("name").text();
  read.npi = identifier_in(root.get("identifier"), kNpi);
  read.has_tin = !identifier_in(root.get("identifier"), kEin).empty();
  read.has_address = root.get("address").size() > 0;
  for (const Json one : root.get("identifier")) {
    read.identifiers.push_back(business_key(one));
  }
  return read;
}

Practitioner read_practitioner(const Reading& reading) {
  Practitioner read;
  read.source = reading.source;
  read.npi = identifier_in(reading.root.get("identifier"), kNpi);
  for (const Json one : reading.root.get("qualification")) {
    if (!is_licence(one)) continue;
    const auto period = one.get("period");
    read.licences.push_back({date_in(period.get("start"), reading.zone),
                             date_in(period.get("end"), reading.zone)});
  }
  read.has_license = !read.licences.empty();
  read.physician = has_degree(reading.root.get("qualification"));
  for (const Json one : reading.root.get("qualification")) {
    add_taxonomy(one.get("code"), read.taxonomies);
  }
  return read;
}

PractitionerRole read_role(const Reading& reading) {
  const Json root = reading.root;
  PractitionerRole read;
  read.source = reading.source;
  read.practitioner = reference_in(root.get("practitioner"), reading.base);
  read.organization = reference_in(root.get("organization"), reading.base);
  read.npi = identifier_in(root.get("identifier"), kNpi);
  read.attending = root.get("active").text() != "false" &&
                   any_has_code(root.get("code"), kParticipationType, "ATND");
  const auto period = root.get("period");
  read.from = date_in(period.get("start"), reading.zone);
  read.until = date_in(period.get("end"), reading.zone);
  for (const auto* name : {"code", "specialty"}) {
    for (const Json one : root.get(name)) add_taxonomy(one, read.taxonomies);
  }
  read.physician = is_physician(read.taxonomies);
  return read;
}

CareRole read_care_team(const Reading& reading) {
  CareRole read;
  read.source = reading.source;
  read.patient = reference_in(reading.root.get("subject"), reading.base);
  const auto status = reading.root.get("status").text();
  if (status == "entered-in-error" || status == "inactive") return read;
  for (const Json one : reading.root.get("participant")) {
    if (!any_has_code(one.get("role"), kParticipationType, "ATND")) continue;
    read.attending.push_back(reference_in(one.get("member"), reading.base));
  }
  return read;
}

CareRole read_participants(const Reading& encounter) {
  CareRole read;
  read.source = encounter.source;
  read.patient = reference_in(encounter.root.get("subject"), encounter.base);
  const auto status = encounter.root.get("status").text();
  if (status == "entered-in-error" || status == "cancelled") return read;
  for (const Json one : encounter.root.get("participant")) {
    if (!any_has_code(one.get("type"), kParticipationType, "ATND")) continue;
    read.attending.push_back(
        reference_in(one.get("individual"), encounter.base));
  }
  return read;
}

}  // namespace gateway::episode
