#include "map/map_coverage.h"

#include <algorithm>

#include "map/source_place.h"

namespace gateway::map {
namespace {

void collect(const Rule& rule, std::vector<const Rule*>& rules) {
  if (rule.kind == Rule::Kind::leaf || rule.kind == Rule::Kind::reference) {
    rules.push_back(&rule);
  }
  for (const auto& member : rule.members) collect(member, rules);
}

void collect(const Emission& emission, std::vector<const Rule*>& rules) {
  collect(emission.body, rules);
  for (const auto& inner : emission.inner) collect(inner, rules);
}

// "PID-3[2].1" counts as "PID-3.1".
std::string plain(std::string path) {
  const auto open = path.find('[');
  if (open == std::string::npos) return path;
  const auto close = path.find(']', open);
  return path.substr(0, open) + path.substr(close + 1);
}

}  // namespace

MapSide side_of(const CheckedMap& map) {
  return map.document == nullptr ? MapSide::inward : MapSide::outward;
}

std::vector<MapCoverage::Leaf> MapCoverage::leaves(MapSide side) const {
  std::vector<Leaf> all;
  for (const auto& map : library_.maps) {
    if (side_of(map) != side) continue;
    std::vector<const Rule*> rules;
    for (const auto& emission : map.emissions) collect(emission, rules);
    for (const auto* rule : rules) {
      if (rule->has_values) all.push_back({&map, rule});
    }
  }
  return all;
}

void MapCoverage::add_unread(Json node, const ReadMarks& marks,
                             std::set<std::string>& paths) const {
  for (const auto child : node) add_unread(child, marks, paths);
  if (node.size() > 0 || node.text().empty()) return;
  if (node.index() < marks.size() && marks[node.index()]) return;
  paths.insert(plain(source_path_of(node)));
}

void MapCoverage::add(const CheckedMap& map, Json source,
                      const MapOutput& output) {
  ++messages_;
  std::set<std::string> paths;
  add_unread(source, output.read, paths);
  for (const auto& path : paths) ++unread_[path];
  std::map<std::uint32_t, std::uint32_t> table_of;
  for (const auto& leaf : leaves(side_)) {
    if (leaf.map == &map && leaf.rule->table != kNoTable) {
      table_of[leaf.rule->id] = leaf.rule->table;
    }
  }
  for (const auto& one : output.lineage) {
    fired_.insert({&map, one.rule});
    const auto table = table_of.find(one.rule);
    if (table == table_of.end() || one.row == CodeTable::kNoRow) continue;
    rows_.insert({table->second, one.row});
  }
}

std::vector<MapCoverage::Unread> MapCoverage::unread() const {
  std::vector<Unread> all;
  for (const auto& [path, times] : unread_) {
    all.push_back(
        {path, times,
         static_cast<double>(times) / static_cast<double>(messages_)});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.times > b.times;
  });
  return all;
}

std::map<MapCoverage::LineKey, MapCoverage::Uses> MapCoverage::lines() const {
  std::map<LineKey, Uses> all;
  for (const auto& [map, rule] : leaves(side_)) {
    const std::string_view path = rule->path;
    const auto name = path.substr(path.rfind('.') + 1);
    auto& uses = all.try_emplace({rule->place.file, rule->place.line, name},
                                 Uses{rule, 0, false})
                     .first->second;
    ++uses.count;
    uses.fired = uses.fired || fired_.contains({map, rule->id});
  }
  return all;
}

std::size_t MapCoverage::rules() const { return lines().size(); }

std::vector<MapCoverage::Line> MapCoverage::rules_never_fired() const {
  std::vector<Line> never;
  for (const auto& [key, uses] : lines()) {
    if (uses.fired) continue;
    const auto others =
        uses.count == 1
            ? std::string()
            : ", and " + std::to_string(uses.count - 1) + " places more";
    never.push_back(
        {library_.text_of(uses.first->place), uses.first->path + others});
  }
  return never;
}

bool MapCoverage::covers(std::uint32_t table) const {
  const auto used = [&](MapSide side) {
    const auto all = leaves(side);
    return std::any_of(all.begin(), all.end(), [table](const Leaf& leaf) {
      return leaf.rule->table == table;
    });
  };
  return used(side_) || (side_ == MapSide::inward && !used(MapSide::outward));
}

std::vector<MapCoverage::Line> MapCoverage::rows_never_used() const {
  std::vector<Line> lines;
  for (const auto& [name, table] : library_.table_by_name) {
    if (!covers(table)) continue;
    const auto& rows = library_.tables[table].rows();
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      if (rows_.contains({table, i})) continue;
      lines.push_back(
          {library_.tables[table].file() + ":" + std::to_string(rows[i].line),
           name + ": " + rows[i].from});
    }
  }
  return lines;
}

}  // namespace gateway::map
