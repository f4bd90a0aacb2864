// Checks of Codings and CodeableConcepts: an element that is bound to the codes
// of a value set gets one of them, from the texts of the map or from a table.

#pragma once

#include <string>
#include <vector>

#include "fhir/type_model.h"
#include "map/code_table.h"
#include "map/rule.h"
#include "map/target_check.h"

namespace gateway::map {

// What places and tables of rules stand for.
struct CodedSources {
  const std::vector<std::string>& files;
  const std::vector<CodeTable>& tables;
  std::vector<TableUse>& uses;  // added to: what rows of partners must be
};

// `rule` writes the object at `target`. Nothing is said of other objects.
void check_coded(const fhir::TypeModel& model, const CodedSources& sources,
                 const Rule& rule, const Target& target,
                 std::vector<MapProblem>& problems);

}  // namespace gateway::map
