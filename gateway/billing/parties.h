// Parties says who treats, who bills and where, and what these still lack for
// a claim.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

// Of physical and occupational therapists. `function` is a taxonomy (NUCC).
bool is_assistant(std::string_view function);

// Technicians, aides and assistants work under a licence that is not theirs:
// they never render. Whose function nobody says may.
bool may_render(std::string_view function);

// By the key of a Practitioner or of a role; null where it is not known.
const episode::Practitioner* practitioner_of(const episode::Case& facts,
                                             std::string key);

// Therapists who held a visit, each once: whoever shows a licence for the date,
// and whoever is only said to be of a licensed profession.
std::int64_t therapists_of(const episode::Case& facts, const Visit& visit);

// Sets place, provider and rendering provider of a visit from its parties.
void find_parties(const episode::Case& facts, const program::Programs& programs,
                  Visit& visit);

// REQUIRES: its parties are found and its claim has a key.
std::vector<Judgement> check_parties(const episode::Case& facts,
                                     const program::Programs& programs,
                                     const Visit& visit);

}  // namespace gateway::billing
