#include "billing/life_cycle.h"

#include <algorithm>

namespace gateway::billing {
namespace {

using episode::Decision;

// The rule that holds, where one does.
std::string holding_rule(const std::vector<Judgement>& judgements) {
  for (const auto& one : judgements) {
    if (one.holds()) return std::string(one.rule);
  }
  return {};
}

// Whether a claim that was emitted replaces or voids this one.
std::string_view frequency_of_successor(const episode::Emitted& claim,
                                        const episode::Case& facts) {
  for (const auto& [key, other] : facts.emitted()) {
    if (other.type == "Claim" && other.prior == claim.source.key &&
        other.status == "active") {
      return other.frequency;
    }
  }
  return {};
}

}  // namespace

Transition referral_state(const ReferralView& view) {
  if (!view.open) return {"referral-revoked", "referral/not-active"};
  for (const auto& one : view.judgements) {
    if (one.holds() && one.weight == program::Weight::reject) {
      return {"referral-rejected", std::string(one.rule)};
    }
  }
  const auto rule = holding_rule(view.judgements);
  if (!rule.empty()) return {"referral-needs-correction", rule};
  return {"referral-accepted", {}};
}

Transition authorization_state(const episode::Grant& grant, const Plan& plan,
                               LocalDate today) {
  if (grant.decision == Decision::withdrawn) {
    return {"authorization-superseded", {}};
  }
  if (grant.decision == Decision::denied) return {"authorization-denied", {}};
  if (grant.decision == Decision::pended) {
    return {"authorization-pended", "authorization/pended"};
  }
  if (grant.to && *grant.to < today) {
    return {"authorization-expired", "ledger/expired"};
  }
  bool used = false;
  for (const auto& balance : plan.balances) {
    if (balance.authorization != grant.authorization->source.key) continue;
    if (balance.granted > 0 && balance.remaining == 0) {
      return {"authorization-exhausted", "ledger/exhausted"};
    }
    used |= balance.used + balance.reserved > 0;
  }
  if (used) return {"authorization-active", {}};
  const bool partial = grant.authorization->outcome == "partial";
  return {partial ? "authorization-partially" : "authorization-granted", {}};
}

Transition session_state(const Visit& visit) {
  auto rule = holding_rule(visit.judgements);
  if (rule.empty()) rule = holding_rule(visit.billing);
  if (visit.units.first == 0 || !visit.billable) {
    if (rule.empty() && visit.units.first == 0) rule = "billing/no-units";
    return {"session-non-billable", std::move(rule)};
  }
  if (!rule.empty()) return {"session-held", std::move(rule)};
  return {"session-billable", {}};
}

Transition booking_state(const episode::Appointment& booking) {
  const auto& status = booking.status;
  if (status == "noshow") {
    return {booking.absence == "excused" ? "session-noshow-excused"
                                         : "session-noshow-unexcused",
            {}};
  }
  if (status == "arrived" || status == "checked-in") {
    return {"session-arrived", {}};
  }
  if (status == "fulfilled") return {"session-finished", {}};
  if (status == "cancelled" || status == "entered-in-error") {
    return {"session-entered-in-error", {}};
  }
  return {"session-booked", {}};
}

Transition answer_state(const episode::PayerAnswer& answer) {
  using Outcome = episode::PayerAnswer::Outcome;
  if (answer.outcome == Outcome::paid) return {"claim-paid", {}};
  if (answer.outcome == Outcome::denied) return {"claim-denied", {}};
  return {"claim-acknowledged", {}};
}

Transition claim_state(const episode::Emitted& claim,
                       const episode::Case& facts) {
  const auto& key = claim.source.key;
  const auto successor = frequency_of_successor(claim, facts);
  if (successor == "8") return {"claim-voided", {}};
  if (successor == "7") return {"claim-replaced", {}};
  if (claim.status == "draft") return {"claim-draft", {}};
  if (claim.status == "cancelled") return {"claim-withdrawn", {}};
  const auto answer = facts.answers().find(key);
  if (answer != facts.answers().end()) return answer_state(answer->second);
  return {facts.pulled(key) ? "claim-pulled" : "claim-ready", {}};
}

bool is_others_word(const EpisodePlan& episode,
                    const episode::Emitted& emitted) {
  if (emitted.status == "finished") {
    // What only repeats another's word follows it.
    return episode.status == "finished" && emitted.discharged_by.empty();
  }
  const bool open = episode.status == "planned" || episode.status == "active";
  return open && emitted.status == "onhold";
}

Transition episode_state(const EpisodePlan& episode,
                         const episode::Emitted* emitted) {
  if (emitted == nullptr || !is_others_word(episode, *emitted)) {
    return {"episode-" + episode.status, {}};
  }
  if (emitted->status == "onhold") return {"episode-on-hold", {}};
  if (emitted->reason.empty()) return {"episode-finished", {}};
  return {"episode-finished", "discharge/" + emitted->reason};
}

Transition new_claim_state(const ClaimPlan* claim, std::string_view status,
                           bool waits) {
  if (status == "active") return {"claim-ready", {}};
  if (waits) return {"claim-draft", "billing/awaiting-payer-number"};
  if (claim == nullptr) return {"claim-draft", {}};
  for (const auto* visit : claim->visits) {
    auto rule = session_state(*visit).reason;
    if (!rule.empty()) return {"claim-draft", std::move(rule)};
  }
  return {"claim-draft", {}};
}

std::vector<Transition> visit_course(const Visit& visit, std::string_view key,
                                     const episode::Case& facts, bool anew) {
  std::vector<Transition> course;
  const auto known = facts.state_of(key);
  const bool ahead = known.empty() || known == "session-arrived" ||
                     known == "session-in-progress" || known == "session-break";
  if (ahead) course.push_back({"session-finished", {}});
  // Sent again with the same content, it is no other session.
  const bool other = !ahead && (anew || !visit.own_encounter.empty());
  const bool amended =
      other && std::any_of(visit.segments.begin(), visit.segments.end(),
                           [&](const auto* segment) {
                             return facts.amended_unrecorded(segment->source);
                           });
  if (amended) course.push_back({"session-amended", {}});
  if (visit.notes.note && visit.notes.sheet &&
      !facts.has_recorded(key, "session-documented")) {
    course.push_back({"session-documented", {}});
  }
  auto now = session_state(visit);
  if (anew || known != now.state) course.push_back(std::move(now));
  return course;
}

std::string_view usual_reason(std::string_view state) {
  static constexpr std::pair<std::string_view, std::string_view> kReasons[] = {
      {"referral-received", "life-cycle/received"},
      {"referral-validating", "life-cycle/received"},
      {"referral-corrected", "life-cycle/cause-gone"},
      {"referral-accepted", "life-cycle/requirements-met"},
      {"authorization-not-required", "life-cycle/not-required"},
      {"authorization-requested", "life-cycle/received"},
      {"authorization-active", "life-cycle/counted"},
      {"authorization-", "life-cycle/payer-decided"},
      {"session-billable", "life-cycle/requirements-met"},
      {"session-non-billable", "life-cycle/no-units"},
      {"session-", "life-cycle/reported"},
      {"claim-ready", "life-cycle/requirements-met"},
      {"claim-pulled", "life-cycle/pulled"},
      {"claim-acknowledged", "life-cycle/payer-decided"},
      {"claim-paid", "life-cycle/payer-decided"},
      {"claim-denied", "life-cycle/payer-decided"},
      {"claim-", "life-cycle/superseded"},
      {"episode-", "life-cycle/reported"}};
  for (const auto& [begin, reason] : kReasons) {
    if (state.starts_with(begin)) return reason;
  }
  return {};
}

}  // namespace gateway::billing
