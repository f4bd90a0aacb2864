#include "server/lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace gateway::server {
namespace {

using testing::ElementsAre;

// Turns run at once, on the thread that frees the lane.
Lanes inline_lanes() {
  return Lanes([](const std::function<void()>& turn) { turn(); });
}

TEST(LanesTest, ServesALaneInTheOrderOfEntry) {
  auto lanes = inline_lanes();
  std::vector<int> order;
  Lanes::Lease first;
  lanes.enter({"a"}, [&](Lanes::Lease lease) {
    order.push_back(1);
    first = std::move(lease);
  });
  lanes.enter({"a"}, [&](const Lanes::Lease&) { order.push_back(2); });
  lanes.enter({"b"}, [&](const Lanes::Lease&) { order.push_back(3); });
  lanes.enter({"a"}, [&](const Lanes::Lease&) { order.push_back(4); });
  EXPECT_THAT(order, ElementsAre(1, 3));
  first.release();
  EXPECT_THAT(order, ElementsAre(1, 3, 2, 4));
}

TEST(LanesTest, WaitsForAllItsLanes) {
  auto lanes = inline_lanes();
  Lanes::Lease a;
  Lanes::Lease b;
  bool both = false;
  lanes.enter({"a"}, [&](Lanes::Lease lease) { a = std::move(lease); });
  lanes.enter({"b"}, [&](Lanes::Lease lease) { b = std::move(lease); });
  lanes.enter({"b", "a", "a"}, [&](const Lanes::Lease&) { both = true; });
  a.release();
  EXPECT_FALSE(both);
  b.release();
  EXPECT_TRUE(both);
}

TEST(LanesTest, NeedsNoLaneForNoKeys) {
  auto lanes = inline_lanes();
  bool ran = false;
  lanes.enter({}, [&](const Lanes::Lease&) { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(LanesTest, ServesEverybodyWhateverTheyAskFor) {
  auto lanes = inline_lanes();
  std::mt19937 random(7);  // NOLINT: the same run each time
  std::vector<Lanes::Lease> held;
  int served = 0;
  constexpr int kEntries = 2000;
  for (int i = 0; i < kEntries; ++i) {
    std::vector<std::string> keys;
    for (unsigned n = 0; n < 1 + random() % 3; ++n) {
      keys.push_back(std::to_string(random() % 5));
    }
    lanes.enter(keys, [&](Lanes::Lease lease) {
      ++served;
      held.push_back(std::move(lease));
    });
    while (!held.empty() && random() % 2 == 0) {
      const auto leaving = std::move(held.back());
      held.pop_back();
    }
  }
  while (!held.empty()) {
    const auto leaving = std::move(held.back());
    held.pop_back();
  }
  EXPECT_EQ(served, kEntries);
}

}  // namespace
}  // namespace gateway::server
