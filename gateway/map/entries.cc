#include "map/entries.h"

namespace gateway::map {
namespace {

bool holds(ByteSpan outer, ByteSpan inner) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

}  // namespace

void Entries::add(const Emission& emission, ByteSpan place) {
  alias(emission, ++count_, place);
}

std::optional<std::uint32_t> Entries::repeated(std::string_view result,
                                               std::size_t begin) {
  const auto body = result.substr(begin);
  for (const auto& known : bodies_) {
    if (result.substr(known.begin, known.size) == body) return known.number;
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
