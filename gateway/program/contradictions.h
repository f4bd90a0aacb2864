// Contradictions are what the packs of one policy say against each other. They
// are settled by rule (the stricter gate holds, the payer's setting bills), and
// always named with both sources.

#pragma once

#include <string>
#include <vector>

#include "program/programs.h"

namespace gateway::program {

// What other packs say otherwise of a row: "; otherwise texas-dwc unitRule
// (TX230)". Of its knobs, and of the rows that it or they name.
std::string otherwise(const Policy& policy, const PolicyPack& pack,
                      const Requirement& row);

// Settings that two packs of the policy set differently, as sentences.
std::vector<std::string> contradictions(const Policy& policy);

}  // namespace gateway::program
