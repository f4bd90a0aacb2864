// Predecessors are what earlier runs emitted for a key of the plan.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "episode/case.h"

namespace gateway::billing {

bool closed(const episode::Emitted& task);

// What stands under a key; of tasks, the one that is open. Null if nothing
// does.
const episode::Emitted* standing_under(const episode::Case& facts,
                                       std::string_view key);

// The task of that key that is open, or that its owner ended although the
// cause is still there: it is taken up again.
const episode::Emitted* earlier_task(const episode::Case& facts,
                                     std::string_view key);

// The claims of a key: the original and what replaces it.
std::vector<const episode::Emitted*> chain_of(const episode::Case& facts,
                                              std::string_view key);

// The keys of the plan that begin so, of all that was ever emitted.
std::vector<std::string> emitted_keys(const episode::Case& facts,
                                      std::string_view prefix);

}  // namespace gateway::billing
