// What two versions of the maps say differently: lines of maps and rows of
// tables. A message's changed values are laid to those that it met.

#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "map/map_engine.h"
#include "map/map_set.h"

namespace gateway::map {

struct MapCause {
  std::string place;  // "tables/session-code.csv:4", where it is, or was
  std::string text;   // "the row 97545 is gone"

  auto operator<=>(const MapCause&) const = default;
};

class MapCauses {
 public:
  // The sets must outlive this.
  MapCauses(const MapSet& before, const MapSet& after);

  enum class Side : std::uint8_t { before, after };

  // Behind what a rule wrote by a row of its table.
  [[nodiscard]] std::optional<MapCause> behind(Side side, const CheckedMap& map,
                                               const Lineage& written) const;
  // All that one run met: what wrote, and what was silent.
  // REQUIRES: RunOptions::explain.
  void met(Side side, const CheckedMap& map, const MapOutput& output,
           std::set<MapCause>& causes) const;
  // Settings, whose use by a rule cannot be seen.
  [[nodiscard]] const std::set<MapCause>& settings() const { return settings_; }

 private:
  using RuleKey = std::pair<const CheckedMap*, std::uint32_t>;
  using RowKey = std::pair<std::uint32_t, std::uint32_t>;  // table, row
  struct Half {
    std::map<RuleKey, MapCause> rules;
    std::map<RuleKey, std::uint32_t> tables;
    std::map<RowKey, MapCause> rows;
  };
  Half& of(Side side) { return side == Side::before ? before_ : after_; }
  void compare_rules(const MapLibrary& library, const MapLibrary& other,
                     Side side);
  void compare_tables(const MapLibrary& library, const MapLibrary& other,
                      Side side);
  void compare_settings(const MapLibrary& before, const MapLibrary& after);

  Half before_;
  Half after_;
  std::set<MapCause> settings_;
};

}  // namespace gateway::map
