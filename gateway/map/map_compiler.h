// Compiles the files of a library into checked maps: what each map is for,
// which resources it gives, and how they are stored.

#pragma once

#include <string>
#include <vector>

#include "base/yaml.h"
#include "fhir/type_model.h"
#include "map/rule_compiler.h"

namespace gateway::map {

struct CompiledMap {
  CheckedMap map;
  std::vector<ChoiceSite> choice_sites;
  std::vector<TableUse> table_uses;
  std::vector<SettingUse> setting_uses;
};

// A file with { map, version, source, events, when, emit }. What is wrong with
// it is added to `problems`.
CompiledMap compile_map(const Yaml& file, const LibraryParts& library,
                        const fhir::TypeModel* model,
                        std::vector<MapProblem>& problems);

}  // namespace gateway::map
