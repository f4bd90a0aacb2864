#include "episode/case.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "episode/read.h"

namespace gateway::episode {
namespace {

constexpr int kLongestChain = 64;  // of referrals that replace one another
constexpr std::size_t kJournal = 4096;

// The key that all claims of a chain share.
std::string_view chain_key(std::string_view key) {
  return key.substr(0, key.rfind('#'));
}

template <typename Record>
const Record* find(const Records<Record>& records, std::string_view key) {
  const auto found = records.find(key);
  return found == records.end() ? nullptr : &found->second;
}

void apply_correction(const Correction& correction, Referral& order) {
  const auto set = [](const auto& value, auto& element) {
    if (value) element = *value;
  };
  const auto fill = [](const auto& value, auto& element) {
    if (!value.empty()) element = value;
  };
  set(correction.frequency, order.frequency);
  if (correction.ordered_visits) {
    order.ordered_visits = correction.ordered_visits;
  }
  set(correction.program, order.program);
  fill(correction.requester, order.requester);
  fill(correction.insurance, order.insurance);
  fill(correction.successor, order.successor);
  if (!correction.conditions.empty() || !correction.diagnoses.empty()) {
    order.conditions = correction.conditions;
    order.diagnoses = correction.diagnoses;
  }
  order.references.insert(order.references.end(), correction.references.begin(),
                          correction.references.end());
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
  if (kept_.contains(resource.get("resourceType").text())) {
    bodies_.insert_or_assign(source.key, Body{nullptr, resource});
  }
  const bool own =
      !plan_key(resource, base_).empty() || emitted_.contains(source.key);
  write_down(source, own);
  if (own) {
    read_own(resource, source);
  } else {
    read(resource, source);
  }
}

void Case::write_down(const Source& source, bool own) {
  if (journal_.size() == kJournal) {
    forgotten_ += journal_.size();
    journal_.clear();
  }
  bool awaited = false;
  if (known_.insert_or_assign(source.key, source).second) {
    awaited = missing_.erase(source.key) > 0;
  }
  journal_.push_back({source.key, own, awaited});
}

std::optional<std::vector<Case::Applied>> Case::applied_since(
    std::uint64_t position) const {
  if (position < forgotten_ || position > applied()) return std::nullopt;
  const auto from = static_cast<std::ptrdiff_t>(position - forgotten_);
  return std::vector<Applied>(journal_.begin() + from, journal_.end());
}

void Case::refer(const std::string& key, std::vector<std::string> targets) {
  auto& before = references_[key];
  for (const auto& target : targets) {
    if (!knows(target)) ++missing_[target];
  }
  for (const auto& target : before) {
    const auto found = missing_.find(target);
    if (found != missing_.end() && --found->second == 0) missing_.erase(found);
  }
  before = std::move(targets);
}

void Case::apply_pull(const std::string& claim, std::uint32_t version,
                      std::string partner, std::optional<Instant> at) {
  const auto [pull, first] = pulls_.try_emplace(claim);
  pull->second.version = std::max(pull->second.version, version);
  if (first) {
    pull->second.partner = std::move(partner);
    pull->second.at = at;
  }
  ++pull_count_;
}

void Case::read_own(const Json& resource, const Source& source) {
  auto read = read_emitted({resource, source, base_});
  // Whoever answers a task or discharges an episode may leave our key out.
  const auto known = emitted_.find(source.key);
  if (read.key.empty() && known != emitted_.end()) read.key = known->second.key;
  if (read.type == "Task") read_answer(resource, source);
  if (known != emitted_.end()) {
    std::erase(by_key_[std::string(chain_key(known->second.key))],
               &known->second);
  }
  const auto& emitted =
      emitted_.insert_or_assign(source.key, std::move(read)).first->second;
  auto& sharing = by_key_[std::string(chain_key(emitted.key))];
  sharing.insert(std::lower_bound(sharing.begin(), sharing.end(), &emitted,
                                  [](const Emitted* one, const Emitted* other) {
                                    return one->source.key < other->source.key;
                                  }),
                 &emitted);
}

void Case::read_answer(const Json& task, const Source& source) {
  auto correction = read_correction({task, source, base_});
  const auto known = corrections_.find(source.key);
  const bool fresh = known == corrections_.end();
  if (fresh && correction.says_nothing()) return;
  auto referral = correction.referral;
  if (referral.empty() && !fresh) referral = known->second.referral;
  std::vector<std::string> targets;
  for (const auto& use : correction.references) targets.push_back(use.target);
  refer(source.key, std::move(targets));
  corrections_.insert_or_assign(source.key, std::move(correction));
  correct(referral);
}

// The order as it was sent, then each answer that came after it, in their
// order. Whoever sends the order again means what it says now.
void Case::correct(const std::string& key) {
  const auto sent = sent_referrals_.find(key);
  if (sent == sent_referrals_.end()) return;
  auto order = sent->second;
  std::vector<const Correction*> answers;
  for (const auto& [task, one] : corrections_) {
    if (one.referral == key && order.source.received <= one.source.received) {
      answers.push_back(&one);
    }
  }
  std::sort(answers.begin(), answers.end(), [](const auto* a, const auto* b) {
    return std::tie(a->source.received, a->source.key) <
           std::tie(b->source.received, b->source.key);
  });
  for (const auto* one : answers) apply_correction(*one, order);
  referrals_.insert_or_assign(key, std::move(order));
}

void Case::read_claim_response(const Json& resource, const Source& source) {
  const Reading reading{resource, source, base_, zone()};
  if (resource.get("use").text() == "preauthorization") {
    authorizations_.insert_or_assign(source.key, read_authorization(reading));
    return;
  }
  const auto answer = read_payer_answer(reading);
  if (answer.claim.empty()) return;
  // One that was taken back, or is no answer yet, says nothing.
  if (resource.get("status").text() != "active") {
    const auto known = answers_.find(answer.claim);
    if (known == answers_.end() || known->second.source.key != source.key) {
      return;
    }
    answers_.erase(known);
    payer_numbers_.erase(answer.claim);
    return;
  }
  if (!answer.number.empty()) payer_numbers_[answer.claim] = answer.number;
  answers_.insert_or_assign(answer.claim, answer);
}

namespace {

// Which life cycles a resource goes through.
bool goes_through(std::string_view key, std::string_view state) {
  static constexpr std::pair<std::string_view, std::string_view> kCycles[] = {
      {"ServiceRequest/", "referral-"},
      {"ServiceRequest/", "authorization-not-required"},
      {"ClaimResponse/", "authorization-"},
      {"Claim/", "claim-"},
      {"Claim/", "authorization-requested"},
      {"Encounter/", "session-"},
      {"Procedure/", "session-"},
      {"Appointment/", "session-"},
      {"EpisodeOfCare/", "episode-"}};
  return std::any_of(
      std::begin(kCycles), std::end(kCycles), [&](const auto& cycle) {
        return key.starts_with(cycle.first) && state.starts_with(cycle.second);
      });
}

// What happens once beside the states, and ends none.
bool is_beside(std::string_view state) {
  return state == "session-tardy" || state == "session-documented" ||
         state == "session-amended" || state == "authorization-not-required";
}

}  // namespace

// The newest Provenance tells the state, the last coding of its kind in it.
void Case::read_provenance(const Json& resource, const Source& source) {
  for (const Json target : resource.get("target")) {
    const auto key = reference_in(target, base_);
    for (const Json coding : resource.get("activity").get("coding")) {
      const auto code = coding.get("code").text();
      if (!goes_through(key, code)) continue;
      auto& known = states_[key];
      if (!has_recorded(key, code)) known.all.emplace_back(code);
      if (is_beside(code) || known.recorded > source.received) continue;
      known.state = code;
      known.recorded = source.received;
    }
  }
  std::vector<std::set<std::string>*> bills;
  for (const Json target : resource.get("target")) {
    const auto text = target.get("reference").text();
    if (text.starts_with("Claim/"))
      bills.push_back(&billed_[std::string(text)]);
  }
  for (const Json entity : resource.get("entity")) {
    const auto text = entity.find("what.reference").text();
    if (!text.starts_with("Procedure/") && !text.starts_with("Encounter/")) {
      continue;
    }
    const auto at = text.find("/_history/");
    if (at == std::string_view::npos) continue;
    for (auto* bill : bills) bill->emplace(text.substr(0, at));
    std::uint32_t version = 0;
    const auto digits = text.substr(at + 10);
    std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (version < 2) continue;
    auto& last = recorded_versions_[std::string(text.substr(0, at))];
    last = std::max(last, version);
  }
}

void Case::read(const Json& resource, const Source& source) {
  const Reading reading{resource, source, base_, zone()};
  const auto& key = source.key;
  const auto type = resource.get("resourceType").text();
  if (type == "Provenance") return read_provenance(resource, source);
  if (type == "AuditEvent") return;
  std::vector<std::string> targets;
  for (auto& use : references_in(resource, base_)) {
    targets.push_back(std::move(use.target));
  }
  refer(key, std::move(targets));
  if (type == "ServiceRequest") {
    sent_referrals_.insert_or_assign(key, read_referral(reading));
    correct(key);
  } else if (type == "Coverage") {
    coverages_.insert_or_assign(key, read_coverage(reading));
  } else if (type == "ClaimResponse") {
    read_claim_response(resource, source);
  } else if (type == "CoverageEligibilityResponse") {
    eligibilities_.insert_or_assign(key, read_eligibility(reading));
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
    conditions_.insert_or_assign(key,
                                 KnownCondition{source, read_condition(reading),
                                                condition_stands(resource)});
  } else if (type != "Patient" && type != "Task") {
    evidence_.insert_or_assign(key, read_evidence(reading));
  }
}

std::vector<std::string> Case::parties() const {
  std::vector<std::string> keys;
  for (const auto& [target, uses] : missing_) keys.push_back(target);
  return keys;
}

bool Case::knows(std::string_view key) const { return known_.contains(key); }

const std::set<std::string>& Case::sessions_of(
    const std::string& claim_version) const {
  static const std::set<std::string> kNone;
  const auto found = billed_.find(claim_version);
  return found == billed_.end() ? kNone : found->second;
}

const Source* Case::source_of(std::string_view key) const {
  const auto found = known_.find(key);
  return found == known_.end() ? nullptr : &found->second;
}

const Records<Referral>& Case::referrals() const { return referrals_; }
const Records<Coverage>& Case::coverages() const { return coverages_; }
const Records<Authorization>& Case::authorizations() const {
  return authorizations_;
}
const Records<PreauthorizationRequest>& Case::requests() const {
  return requests_;
}
const Records<Eligibility>& Case::eligibilities() const {
  return eligibilities_;
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

const Records<PayerAnswer>& Case::answers() const { return answers_; }

bool Case::has_recorded(std::string_view key, std::string_view state) const {
  const auto* known = find(states_, key);
  return known != nullptr && std::find(known->all.begin(), known->all.end(),
                                       state) != known->all.end();
}

bool Case::amended_unrecorded(const Source& source) const {
  if (source.version < 2) return false;
  const auto* last = find(recorded_versions_, source.key);
  return last == nullptr || *last < source.version;
}

std::string_view Case::state_of(std::string_view key) const {
  const auto* known = find(states_, key);
  return known == nullptr ? std::string_view() : std::string_view(known->state);
}

const PreauthorizationRequest* Case::request_of(
    const Authorization& authorization) const {
  return find(requests_, authorization.request);
}

bool Case::correction_stands(std::string_view task) const {
  const auto* correction = find(corrections_, task);
  if (correction == nullptr || correction->says_nothing()) return false;
  const auto* order = find(sent_referrals_, correction->referral);
  return order != nullptr &&
         order->source.received <= correction->source.received;
}

std::string Case::root_of(const Referral& order) const {
  auto root = order.source.key;
  for (int step = 0; step < kLongestChain; ++step) {
    const auto* current = find(referrals_, root);
    if (current == nullptr) break;
    auto before =
        current->replaces.empty() ? std::string() : current->replaces.front();
    for (const auto& [key, other] : referrals_) {
      if (before.empty() && other.successor == root) before = key;
    }
    if (before.empty() || before == root) break;
    root = std::move(before);
  }
  if (referrals_.contains(root)) {
    return in_force(root) == &order ? root : order.source.key;
  }
  // Nobody knows the first one: it is a name that one successor may bear.
  const auto claimants =
      std::count_if(referrals_.begin(), referrals_.end(), [&](const auto& one) {
        const auto& replaced = one.second.replaces;
        return !replaced.empty() && replaced.front() == root;
      });
  return claimants == 1 ? root : order.source.key;
}

const Referral* Case::in_force(std::string_view referral) const {
  const auto* current = find(referrals_, referral);
  for (int step = 0; current != nullptr && step < kLongestChain; ++step) {
    const auto* successor = find(referrals_, current->successor);
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
