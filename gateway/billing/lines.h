// Lines makes the lines of a visit: what is billed for a date, at what price,
// by whom and where, and what the claim still lacks.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// Counts units, people and other codes into the facts of a visit.
// REQUIRES: its parties are found.
void set_session_facts(const episode::Case& known, Visit& visit);

// REQUIRES: units are counted. Adds the visit's lines, and what is missing for
// them as findings in visit.billing.
void make_lines(const episode::Case& facts, const program::Programs& programs,
                const ReferralView& view, Visit& visit);

}  // namespace gateway::billing
