// Coverage in both directions: rules and table rows that never fired, and
// components of messages that no map reads, ranked by how often they come.
//
// Inward and outward maps are counted apart: no message makes an outward map
// fire, so that only its golden cases say anything of it.

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "map/map_engine.h"

namespace gateway::map {

// Of messages, or of our own documents.
enum class MapSide : std::uint8_t { inward, outward };

MapSide side_of(const CheckedMap& map);

class MapCoverage {
 public:
  MapCoverage(const MapLibrary& library, MapSide side)
      : library_(library), side_(side) {}

  // REQUIRES: `output` was made with RunOptions::explain, by a map of this
  // side.
  void add(const CheckedMap& map, Json source, const MapOutput& output);

  struct Unread {
    std::string path;   // "PID-11.3"
    std::size_t times;  // messages in which it is valued
    double share;       // of all messages
  };
  // Most frequent first.
  [[nodiscard]] std::vector<Unread> unread() const;

  struct Line {
    std::string place;  // "hl7v2/segments/patient.yaml:14"
    std::string text;   // "Patient.gender", or "sex: M"
  };
  [[nodiscard]] std::vector<Line> rules_never_fired() const;
  // Of tables that maps of this side use; of those that no map uses, inward.
  [[nodiscard]] std::vector<Line> rows_never_used() const;
  [[nodiscard]] std::size_t messages() const { return messages_; }
  // Lines of maps that write something. One that many maps share counts once.
  [[nodiscard]] std::size_t rules() const;

 private:
  struct Leaf {
    const CheckedMap* map;
    const Rule* rule;
  };
  [[nodiscard]] std::vector<Leaf> leaves(MapSide side) const;
  [[nodiscard]] bool covers(std::uint32_t table) const;
  // By file, line and name of the element.
  using LineKey = std::tuple<std::uint32_t, std::uint32_t, std::string_view>;
  struct Uses {
    const Rule* first;
    std::size_t count;
    bool fired;
  };
  [[nodiscard]] std::map<LineKey, Uses> lines() const;
  void add_unread(Json node, const ReadMarks& marks,
                  std::set<std::string>& paths) const;

  const MapLibrary& library_;
  MapSide side_;
  std::size_t messages_ = 0;
  std::map<std::string, std::size_t> unread_;
  std::set<std::pair<const CheckedMap*, std::uint32_t>> fired_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> rows_;  // table, row
};

}  // namespace gateway::map
