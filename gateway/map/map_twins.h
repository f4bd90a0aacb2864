// Two versions of the maps side by side: each map, resource and rule with its
// twin in the other version, and the lines in which the twins differ.
//
// Members are twins by name, items of a list by what they say, so that an item
// put before others makes none of them another.

#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "map/library.h"

namespace gateway::map {

// What two versions say differently: a line, a row of a table, a setting, a
// choice.
struct MapCause {
  std::string place;  // "tables/session-code.csv:4", where it is, or was
  std::string text;   // "the row 97545 is gone"

  auto operator<=>(const MapCause&) const = default;
};

enum class Version : std::uint8_t { before, after };

// A map, a resource that it emits, or a rule.
struct MapPart {
  static constexpr std::size_t kSame = static_cast<std::size_t>(-1);

  const MapPart* around = nullptr;  // what it lies in; null for a map
  const MapPart* twin = nullptr;    // null: the other version has none
  const Rule* rule = nullptr;       // of rules
  std::string name;                 // for people
  std::string path;  // "Patient.name"; of a resource its type; else empty
  std::string place;
  std::size_t cause = kSame;  // of MapTwins::cause: its own line differs
  std::string table;          // by name
  std::string formulas;       // its expressions that ask for settings
};

class MapTwins {
 public:
  // The libraries must outlive this.
  MapTwins(const MapLibrary& before, const MapLibrary& after);

  // Null where nothing is known of it.
  [[nodiscard]] const MapPart* of(Version version, const CheckedMap& map) const;
  [[nodiscard]] const MapPart* of(Version version, const CheckedMap& map,
                                  std::uint32_t rule) const;
  // The rules of that line: several, where the line belongs to a part.
  [[nodiscard]] std::vector<const MapPart*> at(Version version,
                                               const CheckedMap& map,
                                               std::string_view place) const;
  // Each line once, whichever of its parts is asked.
  [[nodiscard]] const MapCause& cause(const MapPart& part) const {
    return causes_[part.cause];
  }
  [[nodiscard]] const std::deque<MapPart>& parts() const { return parts_; }

 private:
  friend class TwinPairing;

  using RuleKey = std::pair<const CheckedMap*, std::uint32_t>;
  struct Half {
    std::map<const CheckedMap*, const MapPart*> maps;
    std::map<RuleKey, const MapPart*> rules;
  };
  [[nodiscard]] const Half& half(Version version) const {
    return version == Version::before ? before_ : after_;
  }

  std::deque<MapPart> parts_;  // of both versions
  Half before_;
  Half after_;
  std::vector<MapCause> causes_;
};

}  // namespace gateway::map
