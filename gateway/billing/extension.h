// Extension: an authorization that is asked for before the visits run out.
// What is booked and no grant serves is the forecast; how the patient fares
// decides whether to ask at all.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// Why no grant serves a booking of that date: its finding, on the referral.
Judgement unserved(const ReferralView& view, LocalDate date);

// Whether a session that was held asks for more than is granted.
bool asks_for_more(const Visit& visit);

// What speaks against asking for more visits of a referral that has a grant
// (return-to-work-practice T4, T6). Progress counts until the last attended
// date, where there is one.
std::vector<Judgement> against_extension(const ReferralView& view,
                                         std::optional<LocalDate> attended,
                                         LocalDate today);

}  // namespace gateway::billing
