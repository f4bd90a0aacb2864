// LifeCycle names the states that referrals, authorizations, sessions, claims
// and episodes go through, as CodeSystem/life-cycle has them. A state follows
// from the plan; that it changed is kept in a Provenance.

#pragma once

#include <string>
#include <string_view>
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
// What the payer said of a claim.
Transition answer_state(const episode::PayerAnswer& answer);
// Whoever discharged or interrupted an episode wrote it last: its words stay.
bool is_others_word(const EpisodePlan& episode,
                    const episode::Emitted& emitted);
// As others wrote it, where they did; with why it ended.
Transition episode_state(const EpisodePlan& episode,
                         const episode::Emitted* emitted = nullptr);

// Into which state a claim comes that is emitted now. `waits` for the payer's
// number of the claim that it replaces.
Transition new_claim_state(const ClaimPlan* claim, std::string_view status,
                           bool waits);

// What is to be recorded of a visit, in order. `key` is that of the Encounter
// which bears its states; `anew` says that a version of it is emitted now.
std::vector<Transition> visit_course(const Visit& visit, std::string_view key,
                                     const episode::Case& facts, bool anew);

// The rule that speaks for a change where none holds anything.
std::string_view usual_reason(std::string_view state);

}  // namespace gateway::billing
