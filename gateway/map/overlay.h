// Overlay is what one partner changes of the common maps: settings, choices
// and rows of tables. It holds only the differences; thousands share a library.
//
//   partner: mercy
//   settings: { zone: America/Denver }
//   choices: { claim-number: IN2-61 }
//   tables: { service: { WCPT: work-conditioning } }

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/zone.h"
#include "map/library.h"
#include "map/rule.h"

namespace gateway::map {

struct Overlay {
  std::string partner;
  std::string place;              // of its name
  std::vector<Setting> settings;  // all of the library's, as changed; by name
  std::optional<Zone> zone;       // of the setting "zone"

  struct Choice {
    const CheckedMap* map;
    std::uint32_t rule;
    Expression from;
  };
  std::vector<Choice> choices;  // by map, then rule

  struct Row {
    std::uint32_t table;
    TableRow row;
  };
  std::vector<Row> rows;  // by table, then code

  // Where the file says so.
  std::vector<SaidLine> said_settings;
  std::vector<SaidLine> said_choices;

  [[nodiscard]] const Expression* choice(const CheckedMap& map,
                                         std::uint32_t rule) const;
  // What a table that everybody shares says of a code, unless the partner says
  // otherwise: null if neither knows it.
  struct Found {
    const TableRow* row = nullptr;
    std::uint32_t index = CodeTable::kNoRow;  // of the shared row, if there
    bool is_partners = false;
  };
  [[nodiscard]] Found row(std::uint32_t table, const CodeTable& shared,
                          std::string_view code) const;
};

// The overlay of nobody: the library's own settings.
Overlay plain_overlay(const MapLibrary& library);

// What is wrong with the file is added to `problems`.
Overlay load_overlay(const MapFile& file, const MapLibrary& library,
                     std::vector<MapProblem>& problems);

}  // namespace gateway::map
