// A position orders all resource versions by their change: the sequence of the
// commit and the place within it, in one integer, so that the rows of a search
// lie in the order in which pages are read.

#pragma once

#include <cstdint>

#include "store/store.h"

namespace gateway::store {

constexpr int kOrdinalBits = 16;
constexpr std::int64_t kMostResources = std::int64_t{1} << kOrdinalBits;
// The ordinal behind every resource of a commit: {.after = s,
// .after_ordinal = kLastOrdinal} finds what changed after commit s.
constexpr std::int64_t kLastOrdinal = kMostResources - 1;

constexpr std::int64_t position_of(Sequence sequence, std::int64_t ordinal) {
  return sequence * kMostResources + ordinal;
}
constexpr Sequence sequence_of(std::int64_t position) {
  return position / kMostResources;
}
constexpr std::int64_t ordinal_of(std::int64_t position) {
  return position % kMostResources;
}

}  // namespace gateway::store
