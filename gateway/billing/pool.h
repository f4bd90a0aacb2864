// Pool joins the segments of one local date: absolute durations, minutes that
// two segments share counted once, recorded breaks taken off, and one floor to
// whole minutes at the end.

#pragma once

#include <cstdint>
#include <vector>

#include "episode/records.h"

namespace gateway::billing {

using episode::Interval;

struct Pool {
  std::vector<Interval> covered;  // disjoint, in order
  std::int64_t minutes = 0;
  bool overlaps = false;  // two segments share time
};

Pool pool(std::vector<Interval> segments, const std::vector<Interval>& breaks);

bool share_time(const Interval& left, const Interval& right);

}  // namespace gateway::billing
