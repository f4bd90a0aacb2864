// Golden cases: a message beside its map, and what must come of it.
//
//   messages/REF_I12.yaml
//   messages/cases/REF_I12/plain.hl7           the message, or plain.json
//   messages/cases/REF_I12/plain.expect.json   { verdict, findings, bundle }
//   messages/cases/REF_I12/plain.partner       the partner whose it is, if any

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "map/map_engine.h"
#include "map/map_set.h"

namespace gateway::map {

struct MapCase {
  std::string name;   // "messages/cases/REF_I12/plain"
  std::string input;  // the bytes
  bool is_hl7 = true;
  std::string expected{};  // empty if there is no such file yet
  std::string partner{};
};

// All cases below a folder of maps, by name.
Result<std::vector<MapCase>> read_cases(const std::string& folder);

// The tree of an input, and the map for it.
struct Mappable {
  SharedDocument source;
  const CheckedMap* map = nullptr;
  std::uint32_t patient_numbers = 0;  // repetitions of PID-3
};
// `name`: of a map; empty or "auto": by the message's event. Not found if no
// map fits. `first_number`: as tree_of() takes it.
Result<Mappable> mappable(const MapSet& set, const std::string& input,
                          bool is_hl7, std::string_view name = {},
                          std::uint32_t first_number = 0);
// Of messages the map that takes those of its partner; without a name that of a
// document is the one whose file its folder is named for.
Result<Mappable> mappable(const MapSet& set, const MapCase& one,
                          std::string_view name = {});

// { verdict, findings, bundle }, indented, as cases hold it.
std::string expectation(const MapOutput& output);

// The first line in which two texts differ; empty if they are the same.
std::string difference(std::string_view expected, std::string_view seen);

struct CaseResult {
  std::string seen;        // the expectation that would hold
  std::string difference;  // empty: it holds
};
// An Error: the input cannot be mapped at all.
Result<CaseResult> check(const MapSet& set, const MapCase& one);

// JSON, indented by two blanks.
std::string indented(Json value);

}  // namespace gateway::map
