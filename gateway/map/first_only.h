// What a map takes the first of, and no more: a field that repeats where the
// element does not, the second note, the second day. It is told, not lost.
//
// A value counts as left out where the first of its row, be they repetitions,
// segments or groups, arrived from the same place in it, and it did not.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "map/map_engine.h"
#include "map/rule.h"

namespace gateway::map {

// Parts of the message that arrived though the bundle has them from elsewhere,
// or that the map passes over as a whole.
struct Passed {
  std::vector<ByteSpan> values{};
  std::vector<ByteSpan> parts{};
  // Values that no row of a table knows, and what was to become of them.
  struct Unknown {
    ByteSpan span;
    std::string path;
  };
  std::vector<Unknown> unknown{};

  // All of what `from` made `text` of that is in it: another branch of it may
  // be the one that joins. REQUIRES: from.joins().
  void add_joined(const Expression& from, const std::vector<Json>& scopes,
                  std::string_view text);
  // Where the rule has a value of its own for it, or none, and no word for
  // people.
  void add_unknown(const Rule& rule, ByteSpan span);
};

// Two of one key: the second, which stands on `part`, is left out; where there
// can be but one of a key, the message is held.
void add_second_of_key(MapOutput& output, Json part, std::string_view type);

// What stands on `part` takes back what it does not name: its sender is asked,
// unless the message is held already.
void add_nothing_to_withdraw(MapOutput& output, Json part,
                             std::string_view type);

// What stands on `part` is left out: a later part takes it back.
void add_taken_back(MapOutput& output, Json part, std::string_view type);

// Adds a finding for each place of `message`, "AIS-7", of which values were
// left out, and for each value that no row knows and that arrived nowhere. It
// stops nothing.
void tell_first_only(Json message, const Passed& passed, MapOutput& output);

}  // namespace gateway::map
