// Codes: the systems and codes that the gateway reads and writes. CPT codes
// are here only as far as rules of the packs name them; their texts are not
// ours to ship.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::episode {

constexpr std::string_view kCanonicalBase = "https://workgate.example/fhir";

constexpr std::string_view kCpt = "http://www.ama-assn.org/go/cpt";
constexpr std::string_view kIcd10 = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr std::string_view kNpi = "http://hl7.org/fhir/sid/us-npi";
constexpr std::string_view kEin = "urn:oid:2.16.840.1.113883.4.4";
constexpr std::string_view kActCode =
    "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view kParticipationType =
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
constexpr std::string_view kIdentifierType =
    "http://terminology.hl7.org/CodeSystem/v2-0203";
constexpr std::string_view kConditionVerification =
    "http://terminology.hl7.org/CodeSystem/condition-ver-status";
constexpr std::string_view kPlaceOfService =
    "https://www.cms.gov/Medicare/Coding/place-of-service-codes/"
    "Place_of_Service_Code_Set";
constexpr std::string_view kPas =
    "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/";
constexpr std::string_view kReviewAction =
    "https://codesystem.x12.org/005010/306";

constexpr std::string_view kFirstHours = "97545";    // the first two hours
constexpr std::string_view kFurtherHours = "97546";  // each further hour

// The kinds of program that a referral can be for.
enum class Program : std::uint8_t { none, work_conditioning, work_hardening };

constexpr std::string_view code(Program program) {
  switch (program) {
    case Program::none:
      return "";
    case Program::work_conditioning:
      return "work-conditioning";
    case Program::work_hardening:
      return "work-hardening";
  }
  return "";
}

constexpr Program program_of(std::string_view code) {
  if (code == "work-conditioning") return Program::work_conditioning;
  if (code == "work-hardening") return Program::work_hardening;
  return Program::none;
}

// Ten digits of which the last one checks the others, as if 80840 stood before
// them (ISO 7812, which NPIs follow).
constexpr bool is_npi(std::string_view text) {
  if (text.size() != 10) return false;
  int sum = 24;  // of 80840
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    int digit = text[i] - '0';
    if (i % 2 == 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

// Two digits in the set that CMS keeps.
constexpr bool is_place_of_service(std::string_view code) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return code.size() == 2 && digit(code[0]) && digit(code[1]);
}

}  // namespace gateway::episode
