#include "map/entries.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway::map {
namespace {

bool undo_each_other(Method one, Method other) {
  return (one == Method::post && other == Method::withdraw) ||
         (one == Method::withdraw && other == Method::post);
}

// "Procedure?system|value"
std::string full_key(std::string_view type, const BusinessKey& key) {
  return std::string(type) + '?' + key.system + '|' + key.value;
}

bool holds(ByteSpan outer, ByteSpan inner) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

}  // namespace

void Entries::add(const Emission& emission, ByteSpan place) {
  alias(emission, ++count_, place);
}

std::optional<Entries::Known> Entries::known(const Candidate& candidate,
                                             std::string_view result,
                                             std::size_t begin) {
  const auto& [emission, method, key, place] = candidate;
  const bool once = is_one_by_key(emission.type);
  if (key.value.empty() || (method == Method::post && !once)) {
    return std::nullopt;
  }
  const auto body = result.substr(begin);
  const auto same =
      std::find_if(bodies_.begin(), bodies_.end(), [&](const Body& one) {
        return result.substr(one.begin, one.size) == body;
      });
  const bool is_same = same != bodies_.end();
  if (is_same && !once) return Known{same->number, true};
  if (updates(method) || once) {
    Keyed next_one{{emission.id, place, method, full_key(emission.type, key)},
                   next()};
    const auto known = std::find_if(
        keyed_.begin(), keyed_.end(),
        [&](const Keyed& one) { return one.entry.key == next_one.entry.key; });
    if (known == keyed_.end()) {
      keyed_.push_back(std::move(next_one));
    } else if (undo_each_other(known->entry.method, method)) {
      take_back(std::exchange(*known, std::move(next_one)));
    } else {
      known->others.push_back(std::move(next_one.entry));
      return Known{known->number, is_same};
    }
  }
  bodies_.push_back({begin, body.size(), next()});
  return std::nullopt;
}

void Entries::take_back(Keyed earlier) {
  bodies_.erase(std::remove_if(bodies_.begin(), bodies_.end(),
                               [&](const Body& one) {
                                 return one.number == earlier.number;
                               }),
                bodies_.end());
  taken_back_.push_back(std::move(earlier.entry));
  taken_back_.insert(taken_back_.end(),
                     std::make_move_iterator(earlier.others.begin()),
                     std::make_move_iterator(earlier.others.end()));
}

void Entries::alias(const Emission& emission, std::uint32_t number,
                    ByteSpan place) {
  entries_[emission.id].push_back({number, place});
}

void Entries::begin_turn(const Emission& group) {
  for (const auto& inner : group.inner) {
    visible_from_[inner.id] = entries_[inner.id].size();
  }
}

void Entries::end_turns(const Emission& group) {
  for (const auto& inner : group.inner) {
    visible_from_[inner.id] = 0;
    end_turns(inner);
  }
}

Entries::Visible Entries::visible(std::uint32_t emission) const {
  const auto& all = entries_[emission];
  const auto* begin = all.data();
  return {begin + visible_from_[emission], begin + all.size()};
}

const Entries::Entry* Entries::Visible::nearest(ByteSpan place) const {
  for (const auto* entry = first; entry != last; ++entry) {
    if (holds(place, entry->place) || holds(entry->place, place)) return entry;
  }
  return first;
}

bool is_taken_back(const std::vector<Entries::TakenBack>& all,
                   std::uint32_t emission, ByteSpan place) {
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return one.emission == emission && one.place == place;
  });
}

bool is_withdrawn(const std::vector<Entries::TakenBack>& all,
                  std::string_view type, const BusinessKey& key) {
  return !all.empty() &&
         std::any_of(all.begin(), all.end(),
                     [full = full_key(type, key)](const auto& one) {
                       return one.method == Method::withdraw && one.key == full;
                     });
}

}  // namespace gateway::map
