#include "map/map_cause.h"

#include <string_view>
#include <vector>

namespace gateway::map {
namespace {

// Everything that a rule says, but for the rules below it.
std::string said(const MapLibrary& library, const Rule& rule) {
  std::string all = std::to_string(static_cast<int>(rule.kind));
  const auto add = [&all](std::string_view text) {
    all += '\x1f';
    all += text;
  };
  for (const auto* one : {&rule.each, &rule.when, &rule.from, &rule.plus}) {
    add(one->text());
  }
  for (const auto* one : {&rule.missing, &rule.unmapped, &rule.invalid}) {
    add(std::to_string(static_cast<int>(one->remedy)));
    add(one->text);
    add(one->fallback.text());
  }
  add(rule.choice);
  add(rule.match);
  if (rule.table != kNoTable) add(library.table_name(rule.table));
  return all;
}

std::string said(const Emission& emission) {
  return emission.type + '\x1f' + emission.each.text() + '\x1f' +
         emission.when.text() + '\x1f' + emission.from.text() + '\x1f' +
         emission.method.text();
}

// A rule or an emission, with what is around it.
struct Part {
  std::string said;
  std::string name;  // for people
  MapPlace place;
  std::string around;  // key of what it lies in; empty for the outermost
  std::optional<std::uint32_t> rule{};
  std::uint32_t table = kNoTable;
};
using Parts = std::map<std::string, Part>;

class Collector {
 public:
  explicit Collector(const MapLibrary& library) : library_(library) {}

  Parts of(const CheckedMap& map) {
    for (const auto& emission : map.emissions) add(emission, {});
    return std::move(parts_);
  }

 private:
  // Those of one name are told apart by their order.
  std::string put(std::string key, Part part) {
    std::string unique = key;
    for (int i = 2; parts_.contains(unique); ++i) {
      unique = key + '#' + std::to_string(i);
    }
    parts_.emplace(unique, std::move(part));
    return unique;
  }

  void add(const Emission& emission, const std::string& around) {
    const auto key = put(around + '/' + emission.name, {.said = said(emission),
                                                        .name = emission.name,
                                                        .place = emission.place,
                                                        .around = around});
    if (!emission.type.empty()) add(emission.body, key);
    for (const auto& inner : emission.inner) add(inner, key);
  }

  void add(const Rule& rule, const std::string& around) {
    const auto key =
        put(around + '/' + rule.member, {.said = said(library_, rule),
                                         .name = rule.path,
                                         .place = rule.place,
                                         .around = around,
                                         .rule = rule.id,
                                         .table = rule.table});
    for (const auto& member : rule.members) add(member, key);
  }

  const MapLibrary& library_;
  Parts parts_;
};

// One version of the maps as it is looked at beside the other.
struct Look {
  const MapLibrary& library;
  const MapLibrary& other;
  bool is_before;

  [[nodiscard]] std::string_view missing() const {
    return is_before ? "is gone" : "is new";
  }
};

// Why a part differs from the other side's: itself, or what it lies in. What
// is in both is placed in the later version.
std::optional<MapCause> difference(const Look& look, const Parts& parts,
                                   const Parts& others,
                                   const std::string& key) {
  for (const auto* at = &key; !at->empty();) {
    const auto& part = parts.at(*at);
    const auto other = others.find(*at);
    if (other == others.end()) {
      return MapCause{look.library.text_of(part.place),
                      part.name + " " + std::string(look.missing())};
    }
    if (other->second.said != part.said) {
      return MapCause{look.is_before ? look.other.text_of(other->second.place)
                                     : look.library.text_of(part.place),
                      part.name + " is said otherwise"};
    }
    at = &part.around;
  }
  return std::nullopt;
}

MapCause row_cause(const CodeTable& table, const TableRow& row,
                   std::string_view what) {
  return {table.file() + ":" + std::to_string(row.line),
          "the row " + row.from + " " + std::string(what)};
}

}  // namespace

MapCauses::MapCauses(const MapSet& before, const MapSet& after) {
  compare_rules(*before.library, *after.library, Side::before);
  compare_rules(*after.library, *before.library, Side::after);
  compare_tables(*before.library, *after.library, Side::before);
  compare_tables(*after.library, *before.library, Side::after);
  compare_settings(*before.library, *after.library);
}

void MapCauses::compare_rules(const MapLibrary& library,
                              const MapLibrary& other, Side side) {
  auto& half = of(side);
  const Look look{library, other, side == Side::before};
  for (const auto& map : library.maps) {
    const auto parts = Collector(library).of(map);
    const auto* same = other.find(map.name);
    const auto others = same == nullptr ? Parts() : Collector(other).of(*same);
    for (const auto& [key, part] : parts) {
      if (!part.rule) continue;
      if (part.table != kNoTable) half.tables[{&map, *part.rule}] = part.table;
      const auto cause = difference(look, parts, others, key);
      if (cause) half.rules.emplace(RuleKey{&map, *part.rule}, *cause);
    }
  }
}

void MapCauses::compare_tables(const MapLibrary& library,
                               const MapLibrary& other, Side side) {
  auto& half = of(side);
  const Look look{library, other, side == Side::before};
  for (const auto& [name, index] : library.table_by_name) {
    const auto& table = library.tables[index];
    const auto found = other.table_by_name.find(name);
    const CodeTable none;
    const auto& other_table =
        found == other.table_by_name.end() ? none : other.tables[found->second];
    std::map<std::string_view, const TableRow*> rows;
    for (const auto& row : other_table.rows()) rows[row.from] = &row;
    for (std::uint32_t i = 0; i < table.rows().size(); ++i) {
      const auto& row = table.rows()[i];
      const auto same = rows.find(row.from);
      if (same == rows.end()) {
        half.rows.emplace(RowKey{index, i},
                          row_cause(table, row, look.missing()));
        continue;
      }
      const auto& twin = *same->second;
      if (twin.to == row.to && twin.system == row.system &&
          twin.display == row.display) {
        continue;
      }
      half.rows.emplace(
          RowKey{index, i},
          look.is_before ? row_cause(other_table, twin, "says something else")
                         : row_cause(table, row, "says something else"));
    }
  }
}

void MapCauses::compare_settings(const MapLibrary& before,
                                 const MapLibrary& after) {
  std::map<std::string_view, const Setting*> old;
  for (const auto& setting : before.settings) old[setting.name] = &setting;
  for (const auto& setting : after.settings) {
    const auto same = old.find(setting.name);
    if (same != old.end() && same->second->value == setting.value) continue;
    settings_.insert({"", "the setting " + setting.name + " is another"});
  }
}

std::optional<MapCause> MapCauses::behind(Side side, const CheckedMap& map,
                                          const Lineage& written) const {
  const auto& half = side == Side::before ? before_ : after_;
  const RuleKey key{&map, written.rule};
  const auto table = half.tables.find(key);
  if (table != half.tables.end() && written.row != CodeTable::kNoRow) {
    const auto row = half.rows.find({table->second, written.row});
    if (row != half.rows.end()) return row->second;
  }
  const auto rule = half.rules.find(key);
  if (rule == half.rules.end()) return std::nullopt;
  return rule->second;
}

void MapCauses::met(Side side, const CheckedMap& map, const MapOutput& output,
                    std::set<MapCause>& causes) const {
  for (const auto& written : output.lineage) {
    if (const auto cause = behind(side, map, written)) causes.insert(*cause);
  }
  for (const auto& silent : output.silences) {
    if (const auto cause = behind(side, map, {.rule = silent.rule})) {
      causes.insert(*cause);
    }
  }
}

}  // namespace gateway::map
