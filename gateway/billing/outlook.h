// Outlook is what $checklist and $explain say beside requirements and proof:
// where each thing stands in its life cycle, what is scheduled, what the
// program will cost.

#pragma once

#include "billing/parameters.h"
#include "billing/plan.h"

namespace gateway::billing {

// `state`* of the referral, its episode, authorizations, bookings and sessions.
void write_states(ParametersWriter& out, const Plan& plan,
                  const episode::Case& facts, const ReferralView& view,
                  LocalDate today);

// `state`* of an emitted claim and of the sessions on it.
void write_claim_state(ParametersWriter& out, const episode::Emitted& emitted,
                       const episode::Case& facts);
void write_claim_states(ParametersWriter& out, const ClaimPlan& claim,
                        const episode::Emitted& emitted,
                        const episode::Case& facts);

// What was found of the open slots of an order.
std::vector<const std::vector<Judgement>*> slots_of(
    const Plan& plan, const episode::Case& facts,
    const episode::Referral& order);

// Keys of the authorizations that the proof of a claim shows: the one that
// serves it; where none does, all that its referral has.
std::vector<std::string> grants_of(const Plan& plan, const ClaimPlan& claim);

// `schedule`: lead time (A11), days that acute therapy overlaps (A13), booked
// sessions; whether the payer wants an authorization, and who said so.
void write_schedule(ParametersWriter& out, const Plan& plan,
                    const episode::Case& facts, const ReferralView& view,
                    LocalDate today);

// `estimate`: visits and dollars (T9).
void write_estimate(ParametersWriter& out, const ReferralView& view,
                    const program::Programs& programs);

}  // namespace gateway::billing
