#include "map/map_diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "fhir/outcome.h"

namespace gateway::map {
namespace {

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
  std::set<std::string> findings;        // "map/missing PID-5"
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
  auto ready = mappable(set, one);
  if (!ready) return made;
  made.ready = *std::move(ready);
  made.output = run(*set.library, *made.ready.map, made.ready.source->root(),
                    {.overlay = &set.overlay(one.partner), .explain = true});
  constexpr std::array<std::string_view, 3> kVerdicts{"mapped", "correct",
                                                      "reject"};
  made.verdict = kVerdicts[static_cast<std::size_t>(made.output.verdict)];
  // Its sender is not asked for anything.
  if (made.output.waits_for_rows()) made.verdict = "waits";
  for (const auto& finding : made.output.outcome.findings()) {
    if (finding.severity == fhir::Severity::information) continue;
    made.findings.insert(finding.rule + " " + finding.expression);
  }
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

  void add(const Mapped& before, const Mapped& after, const MapCase& input) {
    old_ = &before;
    now_ = &after;
    input_ = &input;
    all_ = causes_.behind_map(run(Version::before), run(Version::after));
    if (before.verdict != after.verdict) {
      note(cause_of_verdict(), MapChange::Kind::verdict,
           before.verdict + ">" + after.verdict);
    }
    compare_findings();
    // Of a message that is refused nothing is there to be compared.
    if (before.output.bundle.empty() || after.output.bundle.empty()) return;
    const auto uneven = compare_resources();
    std::set<std::string> paths;
    for (const auto& [path, value] : before.values) paths.insert(path);
    for (const auto& [path, value] : after.values) paths.insert(path);
    for (const auto& path : paths) {
      if (uneven.contains(path.substr(0, path.find_first_of(".(")))) continue;
      compare_values(path);
    }
  }

  std::vector<MapCluster> take() {
    std::vector<MapCluster> all;
    for (auto& [cause, noted] : clusters_) {
      MapCluster cluster{cause, noted.in};
      for (auto& [key, change] : noted.changes) {
        cluster.changes.push_back(std::move(change));
      }
      std::stable_sort(cluster.changes.begin(), cluster.changes.end(),
                       [](const MapChange& a, const MapChange& b) {
                         return a.in.all() > b.in.all();
                       });
      all.push_back(std::move(cluster));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const MapCluster& a, const MapCluster& b) {
                       return a.in.all() > b.in.all();
                     });
    return all;
  }

 private:
  using Kind = MapChange::Kind;
  using Values = std::vector<const Mapped::Value*>;

  [[nodiscard]] MapCauses::Run run(Version version) const {
    const auto& one = version == Version::before ? *old_ : *now_;
    return {.version = version,
            .map = one.ready.map,
            .output = &one.output,
            .input = input_->input,
            .partner = input_->partner};
  }
  [[nodiscard]] MapCause nearest(std::string_view path) const {
    return causes_.nearest(run(Version::before), run(Version::after), path);
  }
  [[nodiscard]] MapCause cause_of_verdict() const {
    if (all_) return *all_;
    return causes_.behind_verdict(run(Version::before), run(Version::after));
  }

  // Why a message is held or refused, where no verdict says it.
  void compare_findings() {
    if (old_->findings.empty() || now_->findings.empty()) return;
    const auto note_all = [this](const Mapped& one, const Mapped& other,
                                 Kind kind) {
      for (const auto& finding : one.findings) {
        if (other.findings.contains(finding)) continue;
        note(cause_of_verdict(), kind, finding);
      }
    };
    note_all(*old_, *now_, Kind::lost);
    note_all(*now_, *old_, Kind::gained);
  }

  // Types of which there is another number: their values cannot be paired.
  std::set<std::string> compare_resources() {
    std::map<std::string, int> grown = now_->resources;
    for (const auto& [type, count] : old_->resources) grown[type] -= count;
    std::set<std::string> uneven;
    for (const auto& [type, count] : grown) {
      if (count == 0) continue;
      uneven.insert(type);
      note(all_ ? *all_ : nearest(type), count > 0 ? Kind::gained : Kind::lost,
           type);
    }
    return uneven;
  }

  void compare_values(const std::string& path) {
    const auto old = old_->at(path);
    const auto now = now_->at(path);
    if (old == now) return;
    const auto kind = old.empty()   ? Kind::gained
                      : now.empty() ? Kind::lost
                                    : Kind::changed;
    const auto lost = causes_behind(Version::before, path, now);
    const auto gained = causes_behind(Version::after, path, old);
    std::set<MapCause> both = lost;
    both.insert(gained.begin(), gained.end());
    if (all_ || both.empty()) {
      note(all_ ? *all_ : nearest(cause_path(path)), kind, path);
    } else if (both.size() == 1) {
      note(*both.begin(), kind, path);
    } else {
      // What one line no longer says, and another does.
      for (const auto& cause : both) {
        note(cause,
             !lost.contains(cause)     ? Kind::gained
             : !gained.contains(cause) ? Kind::lost
                                       : Kind::changed,
             path);
      }
    }
  }

  // Where a request changes without its method, its key did.
  static std::string cause_path(const std::string& path) {
    const auto end = path.find('(');
    return end == std::string::npos ? path
                                    : path.substr(0, end) + ".identifier";
  }

  // Behind the values of a path that the other version does not have.
  [[nodiscard]] std::set<MapCause> causes_behind(
      Version version, const std::string& path,
      std::vector<std::string> others) const {
    const auto& one = version == Version::before ? *old_ : *now_;
    std::set<MapCause> found;
    if (one.ready.map == nullptr) return found;
    const auto [begin, end] = one.values.equal_range(path);
    for (auto it = begin; it != end; ++it) {
      const auto same = std::find(others.begin(), others.end(), it->second.raw);
      if (same != others.end()) {
        others.erase(same);
        continue;
      }
      const auto* written = behind(one.output, it->second);
      if (written == nullptr) continue;
      if (auto cause = causes_.behind(run(version), *written)) {
        found.insert(*std::move(cause));
      }
    }
    return found;
  }

  void count(InputCount& in) const {
    ++(input_->is_hl7 ? in.messages : in.documents);
  }

  void note(const MapCause& cause, Kind kind, const std::string& path) {
    auto& cluster = clusters_[cause];
    if (cluster.last != input_) count(cluster.in);
    cluster.last = input_;
    const auto [it, fresh] =
        cluster.changes.try_emplace({kind, path}, MapChange{kind, path});
    if (fresh) it->second.example = input_->name;
    count(it->second.in);
  }

  struct Noted {
    InputCount in;
    const MapCase* last = nullptr;  // that it was noted of
    std::map<std::pair<Kind, std::string>, MapChange> changes;
  };

  const MapCauses& causes_;
  const Mapped* old_ = nullptr;
  const Mapped* now_ = nullptr;
  const MapCase* input_ = nullptr;
  std::optional<MapCause> all_;  // behind all that changes for the input
  std::map<MapCause, Noted> clusters_;
};

}  // namespace

InputCount count_of(const std::vector<MapCase>& inputs) {
  InputCount count;
  for (const auto& one : inputs) {
    ++(one.is_hl7 ? count.messages : count.documents);
  }
  return count;
}

std::string_view name(MapChange::Kind kind) {
  constexpr std::array<std::string_view, 4> kNames{"verdict", "lost", "gained",
                                                   "changed"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<MapCluster> diff(const MapSet& before, const MapSet& after,
                             const std::vector<MapCase>& inputs) {
  const MapCauses causes(before, after);
  Comparison comparison(causes);
  for (const auto& input : inputs) {
    comparison.add(mapped(before, input), mapped(after, input), input);
  }
  return comparison.take();
}

}  // namespace gateway::map
