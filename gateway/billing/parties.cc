#include "billing/parties.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "billing/judge.h"

namespace gateway::billing {
namespace {

constexpr Own kNoNpi{"billing/no-npi",
                     "A provider of the claim has no NPI, or none may render",
                     "an NPI of a licensed rendering provider and of the "
                     "billing organization",
                     "add the NPI to the provider",
                     "review-claim",
                     "Claim.careTeam.provider",
                     fhir::Actor::biller};
constexpr Own kNoProvider{"billing/no-provider",
                          "No organization bills for this facility",
                          "the facility's managing organization",
                          "add managingOrganization to the location",
                          "review-claim",
                          "Claim.provider",
                          fhir::Actor::biller};
constexpr Own kWrongPlace{"billing/place-of-service",
                          "This place of service cannot bear the program",
                          "an office, a worksite or a rehabilitation facility",
                          "correct the type of the location",
                          "review-claim",
                          "Claim.item.location",
                          fhir::Actor::biller};
constexpr Own kNoTin{"billing/no-tin",
                     "The billing organization has no tax number",
                     "an employer identification number",
                     "add it to the organization",
                     "",
                     "Claim.provider",
                     fhir::Actor::biller};
constexpr Own kNoAddress{"billing/no-address",
                         "The billing organization has no address",
                         "an address",
                         "add it to the organization",
                         "",
                         "Claim.provider",
                         fhir::Actor::biller};
constexpr Own kNoLicense{"billing/no-license",
                         "The rendering provider shows no licence",
                         "a qualification that is in force on the date",
                         "add it to the practitioner",
                         "",
                         "Claim.careTeam.provider",
                         fhir::Actor::biller};
std::string npi_of(const episode::Case& facts, const std::string& key) {
  const auto role = facts.roles().find(key);
  if (role != facts.roles().end() && !role->second.npi.empty()) {
    return role->second.npi;
  }
  const auto* known = practitioner_of(facts, key);
  return known == nullptr ? std::string() : known->npi;
}

// An office, the employer's worksite, a hospital's outpatients or a
// rehabilitation facility; or what the site itself says that it is.
bool may_be_here(const program::Programs& programs, std::string_view place) {
  static constexpr std::string_view kPlaces[] = {"11", "18", "19", "22", "62"};
  return place == programs.site().place_of_service ||
         std::find(std::begin(kPlaces), std::end(kPlaces), place) !=
             std::end(kPlaces);
}

std::string organization_of(const episode::Case& facts, const Visit& visit) {
  for (const auto& performer : visit.performers) {
    if (!performer.on_behalf_of.empty()) return performer.on_behalf_of;
  }
  for (const auto& performer : visit.performers) {
    const auto role = facts.roles().find(performer.actor);
    if (role != facts.roles().end() && !role->second.organization.empty()) {
      return role->second.organization;
    }
  }
  for (const auto& performer : visit.referral->performers) {
    if (facts.organizations().contains(performer)) return performer;
  }
  return {};
}

// Who shows a licence for the date; without one, whoever is said to be of a
// licensed profession, or of whom nothing is said. A function in other words
// ("rehab aide") vouches for nobody.
std::string rendering_of(const episode::Case& facts, const Visit& visit) {
  std::string without;
  for (const auto& performer : visit.performers) {
    if (!may_render(performer.function)) continue;
    const auto* person = practitioner_of(facts, performer.actor);
    if (person == nullptr) continue;
    if (person->is_licensed(visit.date)) return performer.actor;
    if (without.empty() && !performer.other_function) without = performer.actor;
  }
  return without;
}

}  // namespace

bool is_assistant(std::string_view function) {
  return function.starts_with("2252") || function.starts_with("224Z");
}

bool may_render(std::string_view function) {
  static constexpr std::string_view kLicensed[] = {
      "2251", "225X", "207", "208", "111N", "2084", "363A", "363L"};
  if (function.empty()) return true;
  return std::any_of(
      std::begin(kLicensed), std::end(kLicensed),
      [&](std::string_view prefix) { return function.starts_with(prefix); });
}

const episode::Practitioner* practitioner_of(const episode::Case& facts,
                                             std::string key) {
  const auto role = facts.roles().find(key);
  if (role != facts.roles().end()) key = role->second.practitioner;
  const auto found = facts.practitioners().find(key);
  return found == facts.practitioners().end() ? nullptr : &found->second;
}

std::int64_t therapists_of(const episode::Case& facts, const Visit& visit) {
  std::set<std::string_view> people;
  for (const auto& performer : visit.performers) {
    if (!may_render(performer.function)) continue;
    const auto* person = practitioner_of(facts, performer.actor);
    if (person == nullptr) {
      if (!performer.other_function) people.insert(performer.actor);
      continue;
    }
    const bool leads = person->is_licensed(visit.date) ||
                       (!person->has_license && !performer.function.empty());
    if (leads) people.insert(person->source.key);
  }
  return static_cast<std::int64_t>(people.size());
}

void find_parties(const episode::Case& facts, const program::Programs& programs,
                  Visit& visit) {
  if (visit.location.empty()) visit.location = visit.referral->location;
  visit.place_of_service = programs.site().place_of_service;
  const auto location = facts.locations().find(visit.location);
  if (location != facts.locations().end()) {
    const auto& known = location->second;
    visit.inputs.push_back(known.source.versioned());
    if (!known.organization.empty()) visit.provider = known.organization;
    if (!known.place_of_service.empty()) {
      visit.place_of_service = known.place_of_service;
    }
  }
  if (visit.provider.empty()) visit.provider = organization_of(facts, visit);
  if (visit.provider.empty()) {
    visit.provider = programs.site().billing_provider;
  }
  visit.rendering = rendering_of(facts, visit);
}

std::vector<Judgement> check_parties(const episode::Case& facts,
                                     const program::Programs& programs,
                                     const Visit& visit) {
  std::vector<Judgement> missing;
  const auto hold = [&](const Own& rule, std::string seen = {}) {
    missing.push_back(own(rule, "@" + visit.claim_key, std::move(seen)));
  };
  const auto check_npi = [&](const std::string& npi) {
    if (!episode::is_npi(npi)) hold(kNoNpi, npi);
  };
  const auto& date = visit.date;
  if (visit.provider.empty()) hold(kNoProvider);
  if (visit.rendering.empty()) {
    hold(kNoNpi, std::to_string(visit.performers.size()) +
                     " performers, none of them licensed");
  } else {
    check_npi(npi_of(facts, visit.rendering));
  }
  const auto found = facts.organizations().find(visit.provider);
  if (found != facts.organizations().end()) {
    check_npi(found->second.npi);
    if (!found->second.has_tin) hold(kNoTin);
    if (!found->second.has_address) hold(kNoAddress);
  }
  const auto* rendering = practitioner_of(facts, visit.rendering);
  if (rendering != nullptr && !rendering->is_licensed(date)) {
    hold(kNoLicense,
         rendering->has_license ? "none for " + date.text() : std::string());
  }
  if (!may_be_here(programs, visit.place_of_service)) {
    hold(kWrongPlace, visit.place_of_service);
  }
  return missing;
}

}  // namespace gateway::billing
