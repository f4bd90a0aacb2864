// LedgerChanges are the entries that bring the ledger from what was posted to
// what the plan wants: reversals, never rewrites.

#pragma once

#include <vector>

#include "billing/plan.h"
#include "billing/reconcile.h"

namespace gateway::billing {

std::vector<Entry> ledger_changes(const Plan& plan,
                                  const std::vector<Entry>& posted);

}  // namespace gateway::billing
