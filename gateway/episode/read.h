// Read makes records out of resources. Readers do not judge: what is absent
// or odd in a resource is left empty, and rules say what that means.

#pragma once

#include <string_view>

#include "base/json.h"
#include "episode/records.h"

namespace gateway::episode {

// A resource to read, and where it comes from.
struct Reading {
  Json root;
  Source source;
  std::string_view base = kCanonicalBase;
  const Zone* zone = nullptr;  // of the facility
};

Referral read_referral(const Reading& reading);
Coverage read_coverage(const Reading& reading);
Authorization read_authorization(const Reading& reading);
PreauthorizationRequest read_request(const Reading& reading);
Eligibility read_eligibility(const Reading& reading);
Session read_session(const Reading& reading);
Appointment read_appointment(const Reading& reading);
Location read_location(const Reading& reading);
Organization read_organization(const Reading& reading);
Practitioner read_practitioner(const Reading& reading);
PractitionerRole read_role(const Reading& reading);
CareRole read_care_team(const Reading& reading);
CareRole read_participants(const Reading& encounter);
Diagnosis read_condition(const Reading& reading);
// Neither refuted nor sent in error, and not over.
bool condition_stands(Json condition);
Evidence read_evidence(const Reading& reading);
// Why an EpisodeOfCare was discharged; empty where nobody says so.
std::string discharge_reason(Json episode, std::string_view base);
PayerAnswer read_payer_answer(const Reading& reading);
Emitted read_emitted(const Reading& reading);
// What the outputs of a Task say; of each kind the last one counts.
Correction read_correction(const Reading& reading);
// The rates and bounds of a Timing.
Frequency read_timing(Json timing, const Zone* zone);

// The key of the plan that an emitted resource bears; empty for all others.
std::string_view plan_key(Json resource, std::string_view base);

}  // namespace gateway::episode
