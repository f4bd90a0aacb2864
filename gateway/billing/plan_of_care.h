// The modifiers that a date's lines bear: those of the policy, and that of the
// plan of care, which follows from the profession of who treated. Where the
// profession is not known, or is more than one, no modifier is guessed.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// Sets visit.plan_of_care and the facts on modifiers. REQUIRES: the parties of
// the visit are found.
void set_modifiers(const episode::Case& known, Visit& visit);

}  // namespace gateway::billing
