// A resource belongs to its patient for good. One that would go over to another
// patient, a payer's answer to the claim of another, or a slot for the referral
// of another, is refused: what was
// counted and billed for the first would stay behind, and nobody would be told.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "fhir/outcome.h"
#include "store/store.h"

namespace gateway::server {

// What a request writes, as far as it matters here.
struct Belonging {
  const store::StoredResource* current;  // what it replaces; may be null
  std::string patient;                   // "Patient/1"; empty for none
  Json resource;
  std::string expression;  // of the resource in the request
};

using ReadStored = std::function<Result<std::optional<store::StoredResource>>(
    const fhir::ResourceId&)>;

// All that is wrong. `base` is that of our own addresses.
Result<fhir::Outcome> misplaced(const std::vector<Belonging>& written,
                                const std::string& base,
                                const ReadStored& read);

}  // namespace gateway::server
