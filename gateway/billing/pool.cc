#include "billing/pool.h"

#include <algorithm>
#include <chrono>

namespace gateway::billing {
namespace {

void cut(std::vector<Interval>& covered, const Interval& pause) {
  std::vector<Interval> left;
  for (const auto& part : covered) {
    if (!share_time(part, pause)) {
      left.push_back(part);
      continue;
    }
    if (part.start < pause.start) left.push_back({part.start, pause.start});
    if (pause.end < part.end) left.push_back({pause.end, part.end});
  }
  covered = std::move(left);
}

}  // namespace

bool share_time(const Interval& left, const Interval& right) {
  return left.start < right.end && right.start < left.end;
}

Pool pool(std::vector<Interval> segments, const std::vector<Interval>& breaks) {
  std::sort(segments.begin(), segments.end(),
            [](const Interval& left, const Interval& right) {
              return left.start < right.start;
            });
  Pool pool;
  for (const auto& segment : segments) {
    if (!pool.covered.empty() && segment.start < pool.covered.back().end) {
      auto& last = pool.covered.back();
      pool.overlaps |= share_time(segment, last);
      last.end = std::max(last.end, segment.end);
    } else {
      pool.covered.push_back(segment);
    }
  }
  for (const auto& pause : breaks) cut(pool.covered, pause);
  std::chrono::microseconds total{0};
  for (const auto& part : pool.covered) total += part.end - part.start;
  pool.minutes =
      std::chrono::duration_cast<std::chrono::minutes>(total).count();
  return pool;
}

}  // namespace gateway::billing
