// RuleRunner executes the rules of resources: it writes what they say, where
// that comes from, and what was wrong with it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "map/bundle_request.h"
#include "map/convert.h"
#include "map/entries.h"
#include "map/first_only.h"
#include "map/map_engine.h"
#include "map/map_writer.h"
#include "map/rule.h"

namespace gateway::map {

// A map at work on a message, and what it has given so far.
struct MapRun {
  const MapLibrary& library;
  const CheckedMap& map;
  const Overlay& overlay;
  const bool explain;
  std::vector<Json> scopes;  // what rules stand on, the innermost last
  Entries entries;
  MapWriter writer{};
  BusinessKey key{};      // of the resource that is written
  bool is_error = false;  // which says that it was entered in error
  std::vector<std::string> defaulted{};  // its members: see Update
  Passed passed{};
  MapOutput output{};
};

// What executing a rule came to; `skip`: the object around it goes too.
enum class Done : std::uint8_t { nothing, written, skip };

class RuleRunner {
 public:
  explicit RuleRunner(MapRun& run) : run_(run) {}

  Done execute(const Rule& rule, std::string_view member);

  // What was found: a part of nodes().
  struct Nodes {
    std::size_t begin;
    std::size_t end;
    [[nodiscard]] std::size_t first() const;  // the end behind the first
  };
  Nodes find(const Expression& expression);
  [[nodiscard]] Json node(std::size_t index) const { return nodes_[index]; }
  // Whoever asked gives them back.
  void give_back(Nodes nodes) { nodes_.resize(nodes.begin); }

  bool holds(const Expression& when);
  // The first value, `otherwise` if there is none.
  Method method(const Expression& expression);
  void silent(std::uint32_t rule, Silence why, MapPlace place);

 private:
  struct Value {
    std::string_view text;
    ByteSpan span;
    bool of_source = true;  // no text of the map
  };

  Done list(const Rule& rule, std::string_view member);
  Done object(const Rule& rule, std::string_view member);
  // One turn for each node; gives the nodes back.
  template <typename Turn>
  Done turns(Nodes nodes, std::string_view member, Turn turn);
  Done object_here(const Rule& rule, std::string_view member);
  Done write_members(const Rule& rule);
  // A conditional reference, in place of the identifier that says to what.
  Done matched(const Rule& rule, std::string_view member,
               const MapWriter::Mark& mark, const BusinessKey& key);
  Done reference(const Rule& rule, std::string_view member);
  Done leaf(const Rule& rule, std::string_view member);
  Done leaf_here(const Rule& rule, std::string_view member);
  Done mapped(const Rule& rule, std::string_view member, const Item& item);
  Done write(const Rule& rule, std::string_view member, const Value& value);
  Done put(const Rule& rule, std::string_view member, const Value& value);
  Converted value_of(const Rule& rule, const Value& given);
  void trace(std::size_t begin, const Rule& rule, ByteSpan source,
             bool of_source);

  Done missing(const Rule& rule, std::string_view member);
  Done unmapped(const Rule& rule, std::string_view member, const Item& item);
  Done invalid(const Rule& rule, std::string_view member, ByteSpan span,
               ConversionFault fault);
  template <typename MakeFinding>
  Done remedy(const Rule& rule, const Otherwise& otherwise,
              std::string_view member, MakeFinding make_finding,
              ByteSpan value = {});
  Done fall_back(const Rule& rule, const Expression& fallback,
                 std::string_view member);

  [[nodiscard]] EvaluationContext context();
  [[nodiscard]] const Expression& from_of(const Rule& rule) const;
  // Remembers what both look at.
  void read(const Expression& from, const Expression& plus);
  void check(const Status& status);
  // FHIRPath met data that its expression does not foresee, such as several
  // values where one is wanted: the message is held.
  void cannot_evaluate(const Error& error);

  MapRun& run_;
  std::vector<Json> nodes_;  // of all scopes that are open, and their siblings
  std::vector<Item> items_;  // of the leaf that is written
  std::vector<Item> fallbacks_;  // of what it writes instead
  std::uint32_t row_ = CodeTable::kNoRow;
  std::uint32_t reading_ = 0;      // see Lineage
  const Rule* current_ = nullptr;  // the rule that is executed
};

}  // namespace gateway::map
