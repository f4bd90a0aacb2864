#include "map/map_diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "fhir/outcome.h"

namespace gateway::map {
namespace {

using Side = MapCauses::Side;

// One version's result of a message.
struct Mapped {
  struct Value {
    std::string raw;
    std::uint32_t begin;  // of the bundle
    std::uint32_t end;
  };
  Mappable ready;
  MapOutput output;
  std::string verdict = "unreadable";
  std::map<std::string, int> resources;  // how many of each type
  std::multimap<std::string, Value> values;

  [[nodiscard]] std::vector<std::string> at(const std::string& path) const {
    std::vector<std::string> found;
    const auto [begin, end] = values.equal_range(path);
    for (auto it = begin; it != end; ++it) found.push_back(it->second.raw);
    return found;
  }
};

void collect(Json node, const std::string& path, Mapped& made) {
  if (node.size() == 0) {
    const auto span = node.span();
    made.values.emplace(
        path, Mapped::Value{std::string(node.raw()), span.begin, span.end});
    return;
  }
  for (const auto child : node) {
    const auto name = child.name();
    collect(child, name.empty() ? path : path + "." + std::string(name), made);
  }
}

Mapped mapped(const MapSet& set, const MapCase& one) {
  Mapped made;
  auto ready = mappable(set, one.input, one.is_hl7, map_of(set, one));
  if (!ready) return made;
  made.ready = *std::move(ready);
  made.output = run(*set.library, *made.ready.map, made.ready.source->root(),
                    {.overlay = &set.overlay(one.partner), .explain = true});
  constexpr std::array<std::string_view, 3> kVerdicts{"mapped", "correct",
                                                      "reject"};
  made.verdict = kVerdicts[static_cast<std::size_t>(made.output.verdict)];
  const auto bundle = JsonDocument::parse(made.output.bundle);
  if (!bundle) return made;
  for (const auto entry : bundle->root().get("entry")) {
    const auto resource = entry.get("resource");
    const auto type = std::string(resource.get("resourceType").text());
    ++made.resources[type];
    collect(resource, type, made);
    const auto request = entry.get("request");
    made.values.emplace(type + "(request)",
                        Mapped::Value{std::string(request.raw()), 0, 0});
  }
  return made;
}

// The innermost that wrote these bytes.
const Lineage* behind(const MapOutput& output, const Mapped::Value& value) {
  const Lineage* found = nullptr;
  for (const auto& one : output.lineage) {
    if (one.begin > value.begin || one.end < value.end) continue;
    if (found == nullptr || one.end - one.begin < found->end - found->begin) {
      found = &one;
    }
  }
  return found;
}

class Comparison {
 public:
  explicit Comparison(const MapCauses& causes) : causes_(causes) {}

  void add(const Mapped& before, const Mapped& after,
           const std::string& message) {
    if (before.verdict != after.verdict) {
      note(MapChange::Kind::verdict, before.verdict + ">" + after.verdict,
           message, met(before, after));
    }
    const auto uneven = compare_resources(before, after, message);
    std::set<std::string> paths;
    for (const auto& [path, value] : before.values) paths.insert(path);
    for (const auto& [path, value] : after.values) paths.insert(path);
    for (const auto& path : paths) {
      if (uneven.contains(path.substr(0, path.find_first_of(".(")))) continue;
      const auto old = before.at(path);
      const auto now = after.at(path);
      if (old == now) continue;
      const auto kind = old.empty()   ? MapChange::Kind::gained
                        : now.empty() ? MapChange::Kind::lost
                                      : MapChange::Kind::changed;
      note(kind, path, message, of_path(before, after, path));
    }
  }

  std::vector<MapChange> take() {
    std::map<Causes, std::size_t> most;
    std::vector<MapChange> changes;
    for (auto& [key, change] : changes_) {
      auto& count = most[change.causes];
      count = std::max(count, change.messages);
      changes.push_back(std::move(change));
    }
    std::stable_sort(changes.begin(), changes.end(),
                     [&most](const MapChange& a, const MapChange& b) {
                       if (a.causes == b.causes) return a.messages > b.messages;
                       const auto first = most.at(a.causes);
                       const auto second = most.at(b.causes);
                       return first != second ? first > second
                                              : a.causes < b.causes;
                     });
    return changes;
  }

 private:
  using Causes = std::vector<MapCause>;

  // Types of which there is another number: their values cannot be paired.
  std::set<std::string> compare_resources(const Mapped& before,
                                          const Mapped& after,
                                          const std::string& message) {
    std::map<std::string, int> grown = after.resources;
    for (const auto& [type, count] : before.resources) grown[type] -= count;
    std::set<std::string> uneven;
    for (const auto& [type, count] : grown) {
      if (count == 0) continue;
      uneven.insert(type);
      note(count > 0 ? MapChange::Kind::gained : MapChange::Kind::lost, type,
           message, met(before, after));
    }
    return uneven;
  }

  [[nodiscard]] Causes met(const Mapped& before, const Mapped& after) const {
    std::set<MapCause> all;
    if (before.ready.map != nullptr) {
      causes_.met(Side::before, *before.ready.map, before.output, all);
    }
    if (after.ready.map != nullptr) {
      causes_.met(Side::after, *after.ready.map, after.output, all);
    }
    if (all.empty()) all = causes_.settings();
    return {all.begin(), all.end()};
  }

  [[nodiscard]] Causes of_path(const Mapped& before, const Mapped& after,
                               const std::string& path) const {
    std::set<MapCause> all;
    const auto look = [&](Side side, const Mapped& one) {
      const auto [begin, end] = one.values.equal_range(path);
      for (auto it = begin; it != end; ++it) {
        const auto* written = behind(one.output, it->second);
        if (written == nullptr) continue;
        const auto cause = causes_.behind(side, *one.ready.map, *written);
        if (cause) all.insert(*cause);
      }
    };
    look(Side::before, before);
    look(Side::after, after);
    if (all.empty()) return met(before, after);
    return {all.begin(), all.end()};
  }

  void note(MapChange::Kind kind, const std::string& path,
            const std::string& message, Causes causes) {
    auto& change = changes_[{causes, kind, path}];
    if (change.messages++ > 0) return;
    change.kind = kind;
    change.path = path;
    change.example = message;
    change.causes = std::move(causes);
  }

  const MapCauses& causes_;
  std::map<std::tuple<Causes, MapChange::Kind, std::string>, MapChange>
      changes_;
};

}  // namespace

std::string_view name(MapChange::Kind kind) {
  constexpr std::array<std::string_view, 4> kNames{"verdict", "lost", "gained",
                                                   "changed"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<MapChange> diff(const MapSet& before, const MapSet& after,
                            const std::vector<MapCase>& messages) {
  const MapCauses causes(before, after);
  Comparison comparison(causes);
  for (const auto& message : messages) {
    comparison.add(mapped(before, message), mapped(after, message),
                   message.name);
  }
  return comparison.take();
}

}  // namespace gateway::map
