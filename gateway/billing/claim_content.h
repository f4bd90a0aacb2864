// ClaimContent is what a claim says beside its money: for whom, of what injury,
// where and by whom. A payer may refuse it for a wrong word there, though no
// amount is to be corrected.

#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "billing/emit.h"

namespace gateway::billing {

// In which of these two bodies of claims differ: "diagnosis, place of service";
// empty where they say the same. What map wrote them does not matter.
std::string differing_content(const std::string& pulled,
                              const std::string& wanted);

// Says so where a pulled claim, whose money is right, says otherwise than the
// record: no claim replaces it for that (DESIGN B4), somebody must.
Result<std::optional<Judgement>> differs_from_pulled(
    const ClaimPlan& claim, const episode::Emitted& pulled,
    const Emission& emission);

}  // namespace gateway::billing
