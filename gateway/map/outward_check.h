// Checks of outward maps, which turn a document of ours into one resource:
// kinds of fields against FHIR's types, and what the gateway itself looks for
// in the resources that it emitted.

#pragma once

#include <string>
#include <vector>

#include "base/yaml.h"
#include "map/rule.h"
#include "map/target_check.h"

namespace gateway::map {

// Whether the field of a leaf may stand in its element, and needs no
// conversion there. Without types the kind alone says how it is written.
void check_kind(Rule& leaf, const Target& target, const std::string& place,
                std::vector<MapProblem>& problems);

// One resource of the right type, without what only inward maps can do, and
// with every field that is read back in its place.
void check_outward(const CheckedMap& map, const Yaml& file,
                   std::vector<MapProblem>& problems);

// It always has a value.
bool is_certain(const Expression& expression);

// An object of which one member is there exactly where another is not: a
// reference, or else the reason why there is none.
bool is_one_of_two(const Rule& rule);

}  // namespace gateway::map
