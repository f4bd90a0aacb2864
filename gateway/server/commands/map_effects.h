// What other maps would change of what is billed: the same messages through
// both, in order, each billed offline with all that came before it of the same
// patients, as the gateway would decide them. The holds, units and dollars that
// differ behind a message are its effect.

#pragma once

#include <string>
#include <vector>

#include "map/map_case.h"
#include "map/map_set.h"
#include "program/programs.h"

namespace gateway::server {

// What all claims say that stand after a message.
struct Billed {
  std::string units;
  std::string total;  // US dollars
};

struct MapEffect {
  std::string message;
  Billed before;
  Billed after;
  // What stands before and not after, and the other way about:
  // "claim 2026-04-06 active 97545x1 97546x1 302.00",
  // "hold correct-referral clinic-work-conditioning/A4".
  std::vector<std::string> gone;
  std::vector<std::string> come;
};

// Of the messages behind which something else differs than behind the one
// before it.
std::vector<MapEffect> effects(const map::MapSet& before,
                               const map::MapSet& after,
                               const std::vector<map::MapCase>& messages,
                               const program::Programs& programs);

}  // namespace gateway::server
