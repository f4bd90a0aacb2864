#include "server/sender_turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace gateway::server {
namespace {

using testing::ElementsAre;

TEST(SenderTurnsTest, SendersTakeTurnsAndFewLieInThePool) {
  std::deque<std::function<void()>> pool;
  SenderTurns turns(
      [&pool](std::function<void()> work) { pool.push_back(std::move(work)); });
  UnderWay under_way;
  std::vector<std::string> order;
  const auto add = [&](const std::string& sender) {
    turns.add(sender, {[&order, sender] { order.push_back(sender); },
                       std::make_shared<UnderWay::Mark>(under_way)});
  };
  for (int i = 0; i < 6; ++i) add("flood");
  add("other");
  EXPECT_EQ(pool.size(), 4U);
  while (!pool.empty()) {
    const auto work = std::move(pool.front());
    pool.pop_front();
    work();
  }
  EXPECT_THAT(order, ElementsAre("flood", "other", "flood", "flood", "flood",
                                 "flood", "flood"));
  EXPECT_EQ(under_way.count(), 0U);
}

}  // namespace
}  // namespace gateway::server
