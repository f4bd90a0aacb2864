#include "map/map_diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "fhir/outcome.h"

namespace gateway::map {
namespace {

// Values by their place in the bundle.
using Values = std::multimap<std::string, std::string>;

void collect(Json node, const std::string& path, Values& values) {
  if (node.size() == 0) {
    values.emplace(path, std::string(node.raw()));
    return;
  }
  for (const auto child : node) {
    const auto name = child.name();
    collect(child, name.empty() ? path : path + "." + std::string(name),
            values);
  }
}

struct Mapped {
  std::string verdict;
  Values values;
};

Mapped mapped(const MapSet& set, const MapCase& one) {
  const auto ready = mappable(set, one.input, one.is_hl7);
  if (!ready) return {"unreadable", {}};
  const auto output = run(*set.library, *ready->map, ready->source->root(),
                          {.overlay = &set.overlay(one.partner)});
  constexpr std::array<std::string_view, 3> kVerdicts{"mapped", "correct",
                                                      "reject"};
  Mapped made{std::string(kVerdicts[static_cast<std::size_t>(output.verdict)]),
              {}};
  const auto bundle = JsonDocument::parse(output.bundle);
  if (!bundle) return made;
  for (const auto entry : bundle->root().get("entry")) {
    const auto resource = entry.get("resource");
    collect(resource, std::string(resource.get("resourceType").text()),
            made.values);
    const auto type = std::string(resource.get("resourceType").text());
    made.values.emplace(type + "(request)",
                        std::string(entry.get("request").raw()));
  }
  return made;
}

using Clusters = std::map<std::pair<MapChange::Kind, std::string>, MapChange>;

void note(Clusters& clusters, MapChange::Kind kind, const std::string& path,
          const std::string& message) {
  auto& change = clusters[{kind, path}];
  if (change.messages++ == 0) {
    change.kind = kind;
    change.path = path;
    change.example = message;
  }
}

// Paths whose values differ, each once for a message.
void compare(const Mapped& before, const Mapped& after,
             const std::string& message, Clusters& clusters) {
  std::set<std::string> paths;
  for (const auto& [path, value] : before.values) paths.insert(path);
  for (const auto& [path, value] : after.values) paths.insert(path);
  for (const auto& path : paths) {
    const auto [old_begin, old_end] = before.values.equal_range(path);
    const auto [new_begin, new_end] = after.values.equal_range(path);
    if (std::equal(old_begin, old_end, new_begin, new_end)) continue;
    const auto kind = old_begin == old_end   ? MapChange::Kind::gained
                      : new_begin == new_end ? MapChange::Kind::lost
                                             : MapChange::Kind::changed;
    note(clusters, kind, path, message);
  }
}

}  // namespace

std::string_view name(MapChange::Kind kind) {
  constexpr std::array<std::string_view, 4> kNames{"verdict", "lost", "gained",
                                                   "changed"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<MapChange> diff(const MapSet& before, const MapSet& after,
                            const std::vector<MapCase>& messages) {
  Clusters clusters;
  for (const auto& message : messages) {
    const auto old_one = mapped(before, message);
    const auto new_one = mapped(after, message);
    if (old_one.verdict != new_one.verdict) {
      note(clusters, MapChange::Kind::verdict,
           old_one.verdict + ">" + new_one.verdict, message.name);
    }
    compare(old_one, new_one, message.name, clusters);
  }
  std::vector<MapChange> changes;
  for (auto& [key, change] : clusters) changes.push_back(std::move(change));
  std::stable_sort(
      changes.begin(), changes.end(),
      [](const auto& a, const auto& b) { return a.messages > b.messages; });
  return changes;
}

}  // namespace gateway::map
