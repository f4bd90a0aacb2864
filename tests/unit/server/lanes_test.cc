#include "server/lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

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

// Those that share run together, but neither beside one that does not share
// nor past one that waits.
TEST(LanesTest, IsSharedByThoseWhoOnlyRead) {
  auto lanes = inline_lanes();
  std::vector<std::string> order;
  std::map<std::string, Lanes::Lease> held;
  const auto enter = [&](const std::string& name, Lanes::Keys keys) {
    lanes.enter(std::move(keys), [&, name](Lanes::Lease lease) {
      order.push_back(name);
      held[name] = std::move(lease);
    });
  };
  enter("r1", {.own = {}, .shared = {"a"}});
  enter("r2", {.own = {"b"}, .shared = {"a"}});
  EXPECT_THAT(order, ElementsAre("r1", "r2"));
  enter("w", {.own = {"a"}});
  enter("r3", {.own = {}, .shared = {"a"}});
  enter("r4", {.own = {}, .shared = {"a"}});
  EXPECT_THAT(order, ElementsAre("r1", "r2"));
  held["r2"].release();
  EXPECT_THAT(order, ElementsAre("r1", "r2"));
  held["r1"].release();
  EXPECT_THAT(order, ElementsAre("r1", "r2", "w"));
  held["w"].release();
  EXPECT_THAT(order, ElementsAre("r1", "r2", "w", "r3", "r4"));
  // Of one's own and shared is of one's own.
  held.clear();
  enter("both", {.own = {"a"}, .shared = {"a"}});
  enter("r5", {.own = {}, .shared = {"a"}});
  EXPECT_EQ(order.back(), "both");
  held["both"].release();
  EXPECT_EQ(order.back(), "r5");
}

TEST(LanesTest, NeedsNoLaneForNoKeys) {
  auto lanes = inline_lanes();
  bool ran = false;
  lanes.enter(std::vector<std::string>{},
              [&](const Lanes::Lease&) { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(LanesTest, ServesEverybodyWhateverTheyAskFor) {
  auto lanes = inline_lanes();
  std::mt19937 random(7);  // NOLINT: the same run each time
  std::vector<Lanes::Lease> held;
  int served = 0;
  constexpr int kEntries = 2000;
  for (int i = 0; i < kEntries; ++i) {
    Lanes::Keys keys;
    for (unsigned n = 0; n < 1 + random() % 3; ++n) {
      auto& some = random() % 2 == 0 ? keys.own : keys.shared;
      some.push_back(std::to_string(random() % 5));
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
