// Extension: an authorization that is asked for before the visits run out.
// What is booked and no grant serves is the forecast; how the patient fares
// decides whether to ask at all.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// Why no grant serves a booking of that date: its finding, on the referral.
Judgement unserved(const ReferralView& view, LocalDate date);

// What speaks against asking for more visits, where bookings of the referral
// are unserved although it has a grant (return-to-work-practice T4, T6).
std::vector<Judgement> against_extension(const ReferralView& view,
                                         LocalDate today);

}  // namespace gateway::billing
