// Moves are the changes of state of what others send: there is no version of
// ours to bear them, so each lies in a Provenance of its own and is read back
// from there.

#pragma once

#include <vector>

#include "billing/life_cycle.h"
#include "billing/reach.h"

namespace gateway::billing {

struct Move {
  const episode::Source* source = nullptr;  // what goes into the state
  const program::Policy* policy = nullptr;
  Transition into;
  const episode::Source* cause = nullptr;  // its own version where null
  Doing doing{};
};
// What is in another state than the last Provenance says, of what was reached.
std::vector<Move> moves(const Plan& plan, const episode::Case& facts,
                        const program::Programs& programs, const Reach& reach,
                        Instant now);

}  // namespace gateway::billing
