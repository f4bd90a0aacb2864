// Makes the snapshot of a StructureDefinition out of its differential and the
// snapshot of its base. https://hl7.org/fhir/R4/profiling.html#snapshot

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "fhir/outcome.h"

namespace gateway::fhir {

// The StructureDefinition of a canonical URL or type name, with a snapshot; or
// absent. What it gives must live until the snapshot is made.
using FindStructure = std::function<Json(std::string_view url)>;

struct Snapshot {
  std::string text;  // the definition's JSON with a snapshot
  Outcome outcome;   // elements of the differential that fit nowhere
};

// An Error if there is no base, or no differential.
Result<Snapshot> make_snapshot(Json definition, const FindStructure& find);

}  // namespace gateway::fhir
