#include "billing/outlook.h"

#include "billing/eligibility.h"
#include "billing/estimate.h"
#include "billing/life_cycle.h"

namespace gateway::billing {
namespace {

using program::Fact;

void write_state(ParametersWriter& out, const std::string& subject,
                 const Transition& into) {
  out.begin_group("state")
      .reference("subject", subject)
      .text("code", into.state);
  if (!into.reason.empty()) out.text("reason", into.reason);
  out.end_group();
}

// A slot that the policy refuses is not booked, whatever its sender says.
Transition slot_state(const episode::Appointment& booking, const Plan& plan) {
  auto state = booking_state(booking);
  const auto found = plan.others.find(booking.source.key);
  if (state.state != "session-booked" || found == plan.others.end()) {
    return state;
  }
  for (const auto& one : found->second) {
    const bool own = one.focus == booking.source.key;
    if (own && one.holds()) return {"session-held", std::string(one.rule)};
  }
  return state;
}

void write_fact(ParametersWriter& out, std::string_view name,
                const ReferralView& view, Fact fact) {
  if (view.facts.known(fact)) out.number(name, view.facts.text(fact));
}

}  // namespace

void write_states(ParametersWriter& out, const Plan& plan,
                  const episode::Case& facts, const ReferralView& view,
                  LocalDate today) {
  write_state(out, view.order->source.key, referral_state(view));
  for (const auto& episode : plan.episodes) {
    if (episode.referral != view.order) continue;
    for (const auto& [key, emitted] : facts.emitted()) {
      if (emitted.key == episode.key) {
        write_state(out, key, episode_state(episode, &emitted));
      }
    }
  }
  for (const auto* grant : view.grants) {
    write_state(out, grant->authorization->source.key,
                authorization_state(*grant, plan, today));
  }
  for (const auto& [key, booking] : facts.appointments()) {
    if (facts.in_force(booking.referral) == view.order) {
      write_state(out, key, slot_state(booking, plan));
    }
  }
  for (const auto& visit : plan.visits) {
    if (visit.referral != view.order) continue;
    write_state(out, visit.segments.front()->source.key, session_state(visit));
  }
}

void write_claim_state(ParametersWriter& out, const episode::Emitted& emitted,
                       const episode::Case& facts) {
  write_state(out, emitted.source.key, claim_state(emitted, facts));
}

void write_claim_states(ParametersWriter& out, const ClaimPlan& claim,
                        const episode::Emitted& emitted,
                        const episode::Case& facts) {
  write_claim_state(out, emitted, facts);
  for (const auto* visit : claim.visits) {
    write_state(out, visit->segments.front()->source.key,
                session_state(*visit));
  }
}

std::vector<const std::vector<Judgement>*> slots_of(
    const Plan& plan, const episode::Case& facts,
    const episode::Referral& order) {
  std::vector<const std::vector<Judgement>*> slots;
  for (const auto& [key, slot] : facts.appointments()) {
    const auto found = plan.others.find(key);
    if (found == plan.others.end()) continue;
    if (facts.in_force(slot.referral) == &order) {
      slots.push_back(&found->second);
    }
  }
  return slots;
}

std::vector<std::string> grants_of(const Plan& plan, const ClaimPlan& claim) {
  if (!claim.grant.empty()) return {claim.grant};
  std::vector<std::string> keys;
  for (const auto& view : plan.referrals) {
    if (view.order != claim.visits.front()->referral) continue;
    for (const auto* grant : view.grants) {
      keys.push_back(grant->authorization->source.key);
    }
  }
  return keys;
}

void write_schedule(ParametersWriter& out, const Plan& plan,
                    const episode::Case& facts, const ReferralView& view,
                    LocalDate today) {
  std::int64_t booked = 0;
  for (const auto& [key, booking] : facts.appointments()) {
    if (facts.in_force(booking.referral) != view.order) continue;
    if (slot_state(booking, plan).state == "session-booked") ++booked;
  }
  out.begin_group("schedule").number("booked", std::to_string(booked));
  write_fact(out, "leadDays", view, Fact::referral_lead_days);
  write_fact(out, "acuteOverlapDays", view, Fact::episode_acute_overlap);
  const auto* said = eligibility_on(facts, view, today);
  const bool wanted = authorization_wanted(facts, view, *view.policy, today);
  out.text("authorizationRequired", wanted ? "true" : "false");
  if (said != nullptr) out.reference("saidBy", said->source.versioned());
  out.end_group();
}

void write_estimate(ParametersWriter& out, const ReferralView& view,
                    const program::Programs& programs) {
  const auto estimate = estimate_of(view, programs);
  if (!estimate) return;
  out.begin_group("estimate")
      .number("visits", std::to_string(estimate->visits))
      .text("countedBy", estimate->counted_by)
      .number("dayLeast", estimate->day_least.text())
      .number("dayMost", estimate->day_most.text())
      .number("least", estimate->least.text())
      .number("most", estimate->most.text())
      .text("currency", "USD")
      .end_group();
}

}  // namespace gateway::billing
