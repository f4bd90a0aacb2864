#include "map/map_twins.h"

#include <algorithm>
#include <functional>

#include "base/text.h"

namespace gateway::map {
namespace {

// A part while its twin is looked for.
struct Draft {
  MapPart* part = nullptr;
  std::string key;        // twins have the same
  std::string said;       // all that it says, but for what lies in it
  std::string exact;      // its place with the column
  std::size_t whole = 0;  // of all that it and what lies in it say
  std::vector<Draft> inner;
};

void add(std::string& all, std::string_view text) {
  all += '\x1f';
  all += text;
}

// `=order` and `order` have the same text.
void add(std::string& all, const HeldExpression& expression) {
  add(all, expression.is_literal() ? "=" : "");
  all += expression.text();
}

void note_formula(std::string& formulas, const HeldExpression& expression) {
  if (expression.is_literal()) return;
  const auto& text = expression.text();
  if (text.find('%') != std::string::npos) formulas += text + ' ';
}

// Everything that a rule says, but for what its choice does.
std::string said(const Rule& rule, std::string_view table,
                 const std::vector<std::string>& emissions) {
  std::string all = std::to_string(static_cast<int>(rule.kind));
  add(all, rule.each);
  add(all, rule.when);
  add(all, rule.plus);
  add(all, rule.choice);
  if (rule.choice.empty()) add(all, rule.from);
  for (const auto* one : {&rule.missing, &rule.unmapped, &rule.invalid}) {
    add(all, std::to_string(static_cast<int>(one->remedy)));
    add(all, one->text);
    add(all, one->fallback);
  }
  add(all, rule.match);
  add(all, table);
  for (const auto target : rule.targets) add(all, emissions[target]);
  return all;
}

std::string said(const Emission& emission) {
  std::string all = emission.type;
  for (const auto* one :
       {&emission.each, &emission.when, &emission.from, &emission.method}) {
    add(all, *one);
  }
  add(all, std::to_string(static_cast<int>(emission.fixed_method)));
  return all;
}

std::string said(const CheckedMap& map) {
  std::string all = map.source;
  for (const auto& event : map.events) add(all, event);
  add(all, map.when);
  return all;
}

void name_emissions(const std::vector<Emission>& emissions,
                    std::vector<std::string>& names) {
  for (const auto& one : emissions) {
    if (names.size() <= one.id) names.resize(one.id + 1);
    names[one.id] = one.name;
    name_emissions(one.inner, names);
  }
}

// Draws up the parts of one map.
class Drawing {
 public:
  Drawing(const MapLibrary& library, std::deque<MapPart>& parts)
      : library_(library), parts_(parts) {}

  Draft of(const CheckedMap& map) {
    emissions_.clear();
    name_emissions(map.emissions, emissions_);
    auto draft = made({.name = "the map " + map.name}, map.place, said(map));
    note_formula(draft.part->formulas, map.when);
    for (const auto& one : map.emissions) {
      draft.inner.push_back(of(one, draft.part));
    }
    return sealed(std::move(draft));
  }

 private:
  Draft made(MapPart part, MapPlace place, std::string said) {
    part.place = library_.text_of(place);
    parts_.push_back(std::move(part));
    return {.part = &parts_.back(),
            .key = {},
            .said = std::move(said),
            .exact = library_.exact_text_of(place),
            .inner = {}};
  }

  static Draft sealed(Draft draft) {
    auto all = draft.key + draft.said;
    for (const auto& inner : draft.inner) {
      add(all, std::to_string(inner.whole));
    }
    draft.whole = std::hash<std::string>()(all);
    return draft;
  }

  Draft of(const Emission& emission, const MapPart* around) {
    auto draft =
        made({.around = around, .name = emission.name, .path = emission.type},
             emission.place, said(emission));
    draft.key = emission.name;
    for (const auto* one :
         {&emission.each, &emission.when, &emission.from, &emission.method}) {
      note_formula(draft.part->formulas, *one);
    }
    if (!emission.type.empty()) {
      draft.inner.push_back(of(emission.body, draft.part));
    }
    for (const auto& inner : emission.inner) {
      draft.inner.push_back(of(inner, draft.part));
    }
    return sealed(std::move(draft));
  }

  Draft of(const Rule& rule, const MapPart* around) {
    const auto table = rule.table == kNoTable
                           ? std::string()
                           : std::string(library_.table_name(rule.table));
    auto draft = made({.around = around,
                       .rule = &rule,
                       .name = rule.path,
                       .path = rule.path,
                       .table = table},
                      rule.place, said(rule, table, emissions_));
    draft.key = rule.member;
    auto& formulas = draft.part->formulas;
    for (const auto* one :
         {&rule.each, &rule.when, &rule.plus, &rule.missing.fallback,
          &rule.unmapped.fallback, &rule.invalid.fallback}) {
      note_formula(formulas, *one);
    }
    note_formula(formulas, rule.from);
    for (const auto& member : rule.members) {
      draft.inner.push_back(of(member, draft.part));
    }
    return sealed(std::move(draft));
  }

  const MapLibrary& library_;
  std::deque<MapPart>& parts_;
  std::vector<std::string> emissions_;  // names, by id
};

// "name.family" of "Patient.name.family" and "Person.name.family".
std::string common_end(const std::string& a, const std::string& b) {
  const auto first = split(a, '.');
  const auto second = split(b, '.');
  std::string end;
  for (std::size_t i = 1; i <= std::min(first.size(), second.size()); ++i) {
    const auto word = first[first.size() - i];
    if (word != second[second.size() - i]) break;
    end = std::string(word) + (end.empty() ? "" : "." + end);
  }
  return end.empty() ? a : end;
}

using Drafts = std::vector<Draft*>;

// The longest run of items that are the same in both, in order.
std::vector<std::pair<std::size_t, std::size_t>> same_items(const Drafts& a,
                                                            const Drafts& b) {
  std::vector<std::vector<std::size_t>> length(
      a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      length[i][j] = a[i]->whole == b[j]->whole
                         ? length[i + 1][j + 1] + 1
                         : std::max(length[i + 1][j], length[i][j + 1]);
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> same;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i]->whole == b[j]->whole) {
      same.emplace_back(i++, j++);
    } else if (length[i + 1][j] >= length[i][j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return same;
}

}  // namespace

// Finds the twins, and notes what differs.
class TwinPairing {
 public:
  explicit TwinPairing(MapTwins& twins) : twins_(twins) {}

  void run(const MapLibrary& before, const MapLibrary& after) {
    auto old = drafts_of(before, twins_.before_);
    auto now = drafts_of(after, twins_.after_);
    for (auto& [name, draft] : old) {
      const auto same = now.find(name);
      if (same == now.end()) {
        missing(draft, Version::before);
      } else {
        pair(draft, same->second);
      }
    }
    for (auto& [name, draft] : now) {
      if (draft.part->twin == nullptr) missing(draft, Version::after);
    }
    finish();
  }

 private:
  std::map<std::string, Draft> drafts_of(const MapLibrary& library,
                                         MapTwins::Half& half) {
    std::map<std::string, Draft> drafts;
    Drawing drawing(library, twins_.parts_);
    for (const auto& map : library.maps) {
      auto& draft = drafts[map.name] = drawing.of(map);
      half.maps[&map] = draft.part;
      note_rules(draft, map, half);
    }
    return drafts;
  }

  static void note_rules(const Draft& draft, const CheckedMap& map,
                         MapTwins::Half& half) {
    if (draft.part->rule != nullptr) {
      half.rules[{&map, draft.part->rule->id}] = draft.part;
    }
    for (const auto& inner : draft.inner) note_rules(inner, map, half);
  }

  void pair(Draft& old, Draft& now) {
    old.part->twin = now.part;
    now.part->twin = old.part;
    if (old.said != now.said) {
      // What is in both is placed in the later version.
      const auto cause = noted(now, "is said otherwise");
      old.part->cause = cause;
      now.part->cause = cause;
    }
    std::map<std::string_view, std::pair<Drafts, Drafts>> by_key;
    for (auto& inner : old.inner) by_key[inner.key].first.push_back(&inner);
    for (auto& inner : now.inner) by_key[inner.key].second.push_back(&inner);
    for (auto& [key, both] : by_key) pair_all(both.first, both.second);
  }

  void pair_all(const Drafts& old, const Drafts& now) {
    auto same = same_items(old, now);
    same.emplace_back(old.size(), now.size());
    std::size_t i = 0;
    std::size_t j = 0;
    for (const auto& [old_end, now_end] : same) {
      while (i < old_end && j < now_end) pair(*old[i++], *now[j++]);
      while (i < old_end) missing(*old[i++], Version::before);
      while (j < now_end) missing(*now[j++], Version::after);
      if (i < old.size() && j < now.size()) pair(*old[i++], *now[j++]);
    }
  }

  // Of all that lies in it, it alone is told.
  void missing(Draft& draft, Version version) {
    draft.part->cause =
        noted(draft, version == Version::before ? "is gone" : "is new");
  }

  std::size_t noted(const Draft& draft, std::string_view what) {
    const auto [it, fresh] =
        numbers_.try_emplace({draft.exact, what}, names_.size());
    if (fresh) {
      names_.push_back(draft.part->name);
      twins_.causes_.push_back({draft.part->place, std::string(what)});
    } else {
      auto& name = names_[it->second];
      if (name != draft.part->name) name = common_end(name, draft.part->name);
    }
    return it->second;
  }

  void finish() {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      auto& text = twins_.causes_[i].text;
      text.insert(0, names_[i] + " ");
    }
  }

  MapTwins& twins_;
  std::map<std::pair<std::string, std::string_view>, std::size_t> numbers_;
  std::vector<std::string> names_;  // of causes
};

MapTwins::MapTwins(const MapLibrary& before, const MapLibrary& after) {
  TwinPairing(*this).run(before, after);
}

const MapPart* MapTwins::of(Version version, const CheckedMap& map) const {
  const auto& maps = half(version).maps;
  const auto found = maps.find(&map);
  return found == maps.end() ? nullptr : found->second;
}

const MapPart* MapTwins::of(Version version, const CheckedMap& map,
                            std::uint32_t rule) const {
  const auto& rules = half(version).rules;
  const auto found = rules.find({&map, rule});
  return found == rules.end() ? nullptr : found->second;
}

std::vector<const MapPart*> MapTwins::at(Version version, const CheckedMap& map,
                                         std::string_view place) const {
  std::vector<const MapPart*> found;
  const auto& rules = half(version).rules;
  for (auto it = rules.lower_bound({&map, 0});
       it != rules.end() && it->first.first == &map; ++it) {
    if (it->second->place == place) found.push_back(it->second);
  }
  return found;
}

}  // namespace gateway::map
