#include "episode/case.h"

#include <algorithm>

#include "episode/read.h"

namespace gateway::episode {
namespace {

constexpr int kLongestChain = 64;  // of referrals that replace one another

template <typename Record>
const Record* find(const Records<Record>& records, std::string_view key) {
  const auto found = records.find(key);
  return found == records.end() ? nullptr : &found->second;
}

}  // namespace

Case::Case(std::string base) : base_(std::move(base)) {}

void Case::apply(const fhir::Resource& resource) {
  apply(resource.document->root(),
        Source{resource.id.text(), resource.version, resource.last_updated});
  if (kept_.contains(resource.id.type)) {
    bodies_.insert_or_assign(
        resource.id.text(), Body{resource.document, resource.document->root()});
  }
}

void Case::keep(const std::vector<std::string>& types) {
  kept_.insert(types.begin(), types.end());
}

Body Case::body(std::string_view key) const {
  const auto found = bodies_.find(key);
  return found == bodies_.end() ? Body() : found->second;
}

void Case::apply(Json resource, Source source) {
  known_[source.key] = source;
  if (kept_.contains(resource.get("resourceType").text())) {
    bodies_.insert_or_assign(source.key, Body{nullptr, resource});
  }
  if (!plan_key(resource, base_).empty() || emitted_.contains(source.key)) {
    read_own(resource, source);
    return;
  }
  read(resource, source);
}

void Case::apply_pull(const std::string& claim, std::uint32_t version) {
  auto& last = pulls_[claim];
  last = std::max(last, version);
}

void Case::read_own(const Json& resource, const Source& source) {
  auto read = read_emitted({resource, source, base_});
  // Whoever answers a task or discharges an episode may leave our key out.
  const auto known = emitted_.find(source.key);
  if (read.key.empty() && known != emitted_.end()) read.key = known->second.key;
  emitted_.insert_or_assign(source.key, std::move(read));
}

void Case::read_claim_response(const Json& resource, const Source& source) {
  const Reading reading{resource, source, base_};
  if (resource.get("use").text() == "preauthorization") {
    authorizations_.insert_or_assign(source.key, read_authorization(reading));
    return;
  }
  const auto answer = read_payer_answer(reading);
  if (!answer.claim.empty() && !answer.number.empty()) {
    payer_numbers_[answer.claim] = answer.number;
  }
}

void Case::read(const Json& resource, const Source& source) {
  const Reading reading{resource, source, base_};
  const auto& key = source.key;
  const auto type = resource.get("resourceType").text();
  if (type == "Provenance" || type == "AuditEvent") return;
  auto& targets = references_[key];
  targets.clear();
  for (auto& use : references_in(resource, base_)) {
    targets.push_back(std::move(use.target));
  }
  if (type == "ServiceRequest") {
    referrals_.insert_or_assign(key, read_referral(reading));
  } else if (type == "Coverage") {
    coverages_.insert_or_assign(key, read_coverage(reading));
  } else if (type == "ClaimResponse") {
    read_claim_response(resource, source);
  } else if (type == "Claim") {
    requests_.insert_or_assign(key, read_request(reading));
  } else if (type == "Procedure") {
    sessions_.insert_or_assign(key, read_session(reading));
  } else if (type == "Encounter") {
    sessions_.insert_or_assign(key, read_session(reading));
    care_roles_.insert_or_assign(key, read_participants(reading));
  } else if (type == "CareTeam") {
    care_roles_.insert_or_assign(key, read_care_team(reading));
    evidence_.insert_or_assign(key, read_evidence(reading));
  } else if (type == "Appointment") {
    appointments_.insert_or_assign(key, read_appointment(reading));
  } else if (type == "Location") {
    locations_.insert_or_assign(key, read_location(reading));
  } else if (type == "Organization") {
    organizations_.insert_or_assign(key, read_organization(reading));
  } else if (type == "Practitioner") {
    practitioners_.insert_or_assign(key, read_practitioner(reading));
  } else if (type == "PractitionerRole") {
    roles_.insert_or_assign(key, read_role(reading));
  } else if (type == "Condition") {
    conditions_.insert_or_assign(
        key, KnownCondition{source, read_condition(resource)});
  } else if (type != "Patient" && type != "Task") {
    evidence_.insert_or_assign(key, read_evidence(reading));
  }
}

std::vector<std::string> Case::parties() const {
  std::set<std::string> missing;
  for (const auto& [key, targets] : references_) {
    for (const auto& target : targets) {
      if (!knows(target)) missing.insert(target);
    }
  }
  return {missing.begin(), missing.end()};
}

bool Case::knows(std::string_view key) const { return known_.contains(key); }

const Records<Referral>& Case::referrals() const { return referrals_; }
const Records<Coverage>& Case::coverages() const { return coverages_; }
const Records<Authorization>& Case::authorizations() const {
  return authorizations_;
}
const Records<PreauthorizationRequest>& Case::requests() const {
  return requests_;
}
const Records<Session>& Case::sessions() const { return sessions_; }
const Records<Appointment>& Case::appointments() const { return appointments_; }
const Records<Location>& Case::locations() const { return locations_; }
const Records<Organization>& Case::organizations() const {
  return organizations_;
}
const Records<Practitioner>& Case::practitioners() const {
  return practitioners_;
}
const Records<PractitionerRole>& Case::roles() const { return roles_; }
const Records<CareRole>& Case::care_roles() const { return care_roles_; }
const Records<Evidence>& Case::evidence() const { return evidence_; }
const Records<Emitted>& Case::emitted() const { return emitted_; }
const Records<Case::KnownCondition>& Case::conditions() const {
  return conditions_;
}

bool Case::pulled(std::string_view claim) const {
  return pulls_.contains(claim);
}

std::string_view Case::payer_number(std::string_view claim) const {
  const auto* number = find(payer_numbers_, claim);
  return number == nullptr ? std::string_view() : std::string_view(*number);
}

const PreauthorizationRequest* Case::request_of(
    const Authorization& authorization) const {
  return find(requests_, authorization.request);
}

const Referral* Case::in_force(std::string_view referral) const {
  const auto* current = find(referrals_, referral);
  for (int step = 0; current != nullptr && step < kLongestChain; ++step) {
    const Referral* successor = nullptr;
    for (const auto& [key, other] : referrals_) {
      const auto& replaced = other.replaces;
      if (&other != current && other.status == "active" &&
          std::find(replaced.begin(), replaced.end(), current->source.key) !=
              replaced.end()) {
        successor = &other;
      }
    }
    if (successor == nullptr) return current;
    current = successor;
  }
  return current;
}

}  // namespace gateway::episode
