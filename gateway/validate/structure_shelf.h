// StructureShelf gives StructureDefinitions with snapshots: those that come
// without one get theirs made, in the order in which they build on each other.

#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "fhir/definition_set.h"
#include "fhir/definitions.h"
#include "fhir/outcome.h"

namespace gateway::validate {

class StructureShelf {
 public:
  // `base` may be nullptr; all must outlive the shelf.
  StructureShelf(const fhir::DefinitionSet& set, const fhir::Definitions* base,
                 fhir::Outcome& outcome)
      : set_(set), base_(base), outcome_(outcome) {}

  // Of the set, with snapshots; those that can have none are reported and
  // left out.
  std::vector<Json> all();
  // By canonical URL or type name, of the set or of the base; or absent.
  Json find(std::string_view url);

 private:
  Json with_snapshot(Json definition);
  Json of_base(std::string_view url);
  Json keep(std::string text);
  void report(Json definition, std::string_view member, std::string text);

  const fhir::DefinitionSet& set_;
  const fhir::Definitions* base_;
  fhir::Outcome& outcome_;
  std::vector<SharedDocument> documents_;
  std::unordered_map<std::string, Json> done_;
  std::set<std::string> open_;  // being made: a repeat is a circle
};

}  // namespace gateway::validate
