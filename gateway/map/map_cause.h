// What lies behind a change: the one line of a map, row of a table, setting or
// choice that two versions of the maps say differently, and that made the
// difference to a message.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "map/map_engine.h"
#include "map/map_set.h"
#include "map/map_twins.h"

namespace gateway::map {

class MapCauses {
 public:
  // The sets must outlive this.
  MapCauses(const MapSet& before, const MapSet& after);

  // What one version did with a message. REQUIRES: RunOptions::explain.
  struct Run {
    Version version;
    const CheckedMap* map = nullptr;  // null: no map is for it
    const MapOutput* output = nullptr;
    std::string_view input{};  // the bytes
    std::string_view partner{};
  };

  // Behind a value; nothing if what wrote it is the same in both.
  [[nodiscard]] std::optional<MapCause> behind(const Run& run,
                                               const Lineage& written) const;
  // Behind that another map took the message, or none.
  [[nodiscard]] std::optional<MapCause> behind_map(const Run& before,
                                                   const Run& after) const;
  // Behind another verdict.
  [[nodiscard]] MapCause behind_verdict(const Run& before,
                                        const Run& after) const;
  // Where no value tells: of all that the message met the one that lies
  // nearest to `path`.
  [[nodiscard]] MapCause nearest(const Run& before, const Run& after,
                                 std::string_view path) const;

 private:
  // Something that wrote, or was silent.
  struct Met {
    const MapPart* part = nullptr;
    Version version = Version::before;
    std::uint32_t row = CodeTable::kNoRow;
    std::string_view code{};  // that was looked up, where it is known
    std::string_view partner{};
  };
  struct Candidate {
    MapCause cause;
    std::string_view path;
  };
  enum class Kind : std::uint8_t { setting, choice };

  [[nodiscard]] const MapSet& set(Version version) const {
    return version == Version::before ? old_ : now_;
  }
  void compare_tables(Version version);
  [[nodiscard]] std::optional<MapCause> row_behind(const Met& met) const;
  [[nodiscard]] std::optional<MapCause> table_row_behind(const Met& met) const;
  [[nodiscard]] const TableRow* partner_row(Version version,
                                            const Met& met) const;
  [[nodiscard]] std::optional<MapCause> said_behind(
      const MapPart& part, std::string_view partner) const;
  [[nodiscard]] std::optional<MapCause> another(Kind kind,
                                                std::string_view name,
                                                std::string_view partner) const;
  // Its row, else its own line and what is around it.
  [[nodiscard]] std::optional<Candidate> look(const Met& met) const;
  // REQUIRES: run.map.
  [[nodiscard]] Met met_by(const Run& run, const Lineage& written) const;
  [[nodiscard]] std::vector<Met> all_met(const Run& run) const;
  [[nodiscard]] std::vector<Candidate> all_there_are(
      std::string_view partner) const;

  using RowKey = std::pair<std::uint32_t, std::uint32_t>;  // table, row
  const MapSet& old_;
  const MapSet& now_;
  MapTwins twins_;
  std::map<RowKey, MapCause> rows_[2];  // by version
};

}  // namespace gateway::map
