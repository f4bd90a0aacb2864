// ClaimProof is where the values of an emitted claim and of its encounters come
// from: the outward maps once more, on the plan that follows from the facts.
// Nothing of it is stored: facts and maps are, and both steps are pure.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "billing/emit.h"
#include "episode/case.h"
#include "program/programs.h"

namespace gateway::billing {

struct ProvenBody {
  std::string reference;            // versioned
  std::string map;                  // with its hash
  std::vector<std::string> inputs;  // versioned
  map::EmissionProof proof;
  std::string body;  // as it was emitted
};

struct ProofRequest {
  const map::MapSet& maps;  // that made it
  std::string owner;
  std::string claim;  // id
  Instant now;
};

// The claim, then its encounters; nothing where no session stands behind the
// claim any more, or where it is a void, which copies what it takes back.
Result<std::vector<ProvenBody>> prove_claim(const episode::Case& facts,
                                            const program::Programs& programs,
                                            const ProofRequest& asked);

}  // namespace gateway::billing
