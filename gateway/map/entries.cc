#include "map/entries.h"

#include <utility>

namespace gateway::map {
namespace {

bool holds(ByteSpan outer, ByteSpan inner) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

}  // namespace

void Entries::add(const Emission& emission, ByteSpan place) {
  alias(emission, ++count_, place);
}

std::optional<Entries::Known> Entries::known(const Emission& emission,
                                             Method method,
                                             const BusinessKey& key,
                                             std::string_view result,
                                             std::size_t begin) {
  const bool once = is_one_by_key(emission.type);
  if (key.value.empty() || (method == Method::post && !once)) {
    return std::nullopt;
  }
  const auto body = result.substr(begin);
  for (const auto& known : bodies_) {
    if (result.substr(known.begin, known.size) == body) {
      return Known{known.number, true};
    }
  }
  if (method == Method::update || once) {
    auto full = emission.type + '?' + key.system + '|' + key.value;
    for (const auto& known : keyed_) {
      if (known.key == full) return Known{known.number, false};
    }
    keyed_.push_back({std::move(full), next()});
  }
  bodies_.push_back({begin, body.size(), next()});
  return std::nullopt;
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

}  // namespace gateway::map
