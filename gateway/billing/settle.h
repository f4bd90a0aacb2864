// Settle judges one date by its policy, once it is known what it takes.

#pragma once

#include "billing/outstanding.h"
#include "billing/plan.h"

namespace gateway::billing {

// Facts of the date's place in its episode and under its grants.
void set_standing(const ReferralView& owner, Zone zone, Visit& visit);

// A session that a claim of another date or order bills waits until the payer
// has its void, unless other sessions fill that claim by now: one treatment is
// never billed twice. REQUIRES: it was judged, and what the plan's visits bill
// already is known.
void await_void(const Outstanding& outstanding, const Plan& plan, Visit& visit);

// A session that finds nothing left on its authorization because sessions of
// later dates were billed before it came is told so: in the order of the dates
// it would have been served. REQUIRES: it was judged.
void note_billed_first(const Outstanding& outstanding,
                       const ReferralView& owner, Visit& visit);

// Adds the findings of the visit's policy and of its referral, and makes its
// lines. REQUIRES: its grant is chosen.
void judge_visit(const episode::Case& facts, const program::Programs& programs,
                 const ReferralView& owner, Visit& visit);

}  // namespace gateway::billing
