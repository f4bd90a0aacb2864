// Misfit says why a grant is not for a referral: it is bound to its program and
// its payer, whoever names it.

#pragma once

#include <optional>

#include "billing/plan.h"

namespace gateway::billing {

// A judgement about the authorization; nothing where it fits.
std::optional<Judgement> misfit(const episode::Case& facts,
                                const episode::Grant& grant,
                                const ReferralView& view);

}  // namespace gateway::billing
