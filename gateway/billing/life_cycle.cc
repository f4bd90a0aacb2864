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

Transition claim_state(const episode::Emitted& claim,
                       const episode::Case& facts) {
  const auto& key = claim.source.key;
  const auto successor = frequency_of_successor(claim, facts);
  if (successor == "8") return {"claim-voided", {}};
  if (successor == "7") return {"claim-replaced", {}};
  if (claim.status == "draft") return {"claim-draft", {}};
  if (claim.status == "cancelled") return {"claim-withdrawn", {}};
  if (!facts.payer_number(key).empty()) return {"claim-acknowledged", {}};
  return {facts.pulled(key) ? "claim-pulled" : "claim-ready", {}};
}

Transition episode_state(const EpisodePlan& episode) {
  return {"episode-" + episode.status, {}};
}

std::vector<Move> moves(const Plan& plan, const episode::Case& facts,
                        LocalDate today) {
  std::vector<Move> found;
  for (const auto& view : plan.referrals) {
    const auto& source = view.order->source;
    auto into = referral_state(view);
    const auto known = facts.state_of(source.key);
    if (known == into.state) continue;
    if (known == "referral-needs-correction" &&
        into.state == "referral-accepted") {
      found.push_back({&source, view.policy, {"referral-corrected", {}}});
    }
    found.push_back({&source, view.policy, std::move(into)});
  }
  for (const auto& grant : plan.grants) {
    const auto& source = grant.authorization->source;
    auto into = authorization_state(grant, plan, today);
    if (facts.state_of(source.key) == into.state) continue;
    found.push_back({&source, nullptr, std::move(into)});
  }
  return found;
}

}  // namespace gateway::billing
