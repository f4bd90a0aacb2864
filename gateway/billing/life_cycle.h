// LifeCycle names the states that referrals, authorizations, sessions, claims
// and episodes go through, as CodeSystem/life-cycle has them. A state follows
// from the plan; that it changed is kept in a Provenance.

#pragma once

#include <string>
#include <vector>

#include "billing/emit.h"
#include "billing/plan.h"

namespace gateway::billing {

Transition referral_state(const ReferralView& view);
Transition authorization_state(const episode::Grant& grant, const Plan& plan,
                               LocalDate today);
Transition session_state(const Visit& visit);
// Of a booking: booked, arrived, finished, an absence, or withdrawn.
Transition booking_state(const episode::Appointment& booking);
// Of a claim that was emitted.
Transition claim_state(const episode::Emitted& claim,
                       const episode::Case& facts);
Transition episode_state(const EpisodePlan& episode);

// Of what others send there is no version of ours to bear a change of state: it
// lies in a Provenance of its own, and is read back from there.
struct Move {
  const episode::Source* source = nullptr;
  const program::Policy* policy = nullptr;
  Transition into;
};
// What is in another state than the last Provenance says.
std::vector<Move> moves(const Plan& plan, const episode::Case& facts,
                        LocalDate today);

}  // namespace gateway::billing
