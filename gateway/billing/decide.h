// Decide computes the plan of a case. It is a pure function: the same facts,
// packs and time give the same plan, bit for bit.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

// REQUIRES: the case and the programs outlive the plan.
Plan decide(const episode::Case& facts, const program::Programs& programs,
            Instant now);

}  // namespace gateway::billing
