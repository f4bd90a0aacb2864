// Grounds are the resources on which a judgement rests: those that its facts
// name as their evidence, else what it judged itself, a date by its sessions
// and an order by itself.

#pragma once

#include <string>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

// Versioned references, each once. `visit` is absent where an order is judged.
std::vector<std::string> grounds(const Judgement& judged,
                                 const ReferralView& view, const Visit* visit);

}  // namespace gateway::billing
