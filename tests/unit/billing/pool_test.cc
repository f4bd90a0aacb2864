#include "billing/pool.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

Instant at(int minute, int second = 0) {
  return Instant(std::chrono::minutes(minute) + std::chrono::seconds(second));
}

TEST(PoolTest, SegmentsAddUp) {
  const auto day = pool({{at(60), at(200)}, {at(0), at(30)}}, {});
  EXPECT_EQ(day.minutes, 170);
  EXPECT_FALSE(day.overlaps);
  EXPECT_EQ(day.covered.size(), 2U);
}

TEST(PoolTest, SharedMinutesCountOnce) {
  const auto day = pool({{at(0), at(100)}, {at(90), at(120)}}, {});
  EXPECT_EQ(day.minutes, 120);
  EXPECT_TRUE(day.overlaps);
}

TEST(PoolTest, SegmentsThatTouchDoNotOverlap) {
  const auto day = pool({{at(0), at(60)}, {at(60), at(120)}}, {});
  EXPECT_EQ(day.minutes, 120);
  EXPECT_FALSE(day.overlaps);
}

TEST(PoolTest, BreaksAreTakenOffAndSecondsFlooredOnce) {
  const auto day = pool({{at(0), at(100, 40)}, {at(110), at(140, 40)}},
                        {{at(30), at(40)}, {at(95), at(115)}});
  // 140:40 long in all, less 10 within the first, 5:40 and 5 at its edges.
  EXPECT_EQ(day.minutes, 110);
}

TEST(PoolTest, NothingIsNothing) { EXPECT_EQ(pool({}, {}).minutes, 0); }

}  // namespace
}  // namespace gateway::billing
