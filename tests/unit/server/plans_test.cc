#include "server/plans.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace gateway::server {
namespace {

using namespace std::chrono_literals;

struct Plan {
  std::int64_t id = 0;
  PlanState state = PlanState::planning;
  int steps = 0;
};

void set(Plans<Plan>& plans, std::int64_t id, PlanState state) {
  plans.note(id, [=](Plan& plan) { plan.state = state; });
}

TEST(PlansTest, ArePlannedThenStartedThenDone) {
  Plans<Plan> plans;
  const auto id = plans.add({});
  EXPECT_FALSE(plans.start(id));  // it is not planned yet
  EXPECT_EQ(plans.next(1h, [] {})->id, id);
  set(plans, id, PlanState::planned);
  EXPECT_TRUE(plans.start(id));
  EXPECT_FALSE(plans.start(id));
  EXPECT_EQ(plans.next(1h, [] {})->state, PlanState::running);
  set(plans, id, PlanState::done);
  EXPECT_FALSE(plans.cancel(id));
  EXPECT_EQ(name(plans.find(id)->state), "done");
  EXPECT_FALSE(plans.find(id + 1));
}

TEST(PlansTest, ACancelledPlanChangesNoMore) {
  Plans<Plan> plans;
  const auto id = plans.add({});
  EXPECT_TRUE(plans.cancel(id));
  EXPECT_FALSE(plans.note(id, [](Plan& plan) { ++plan.steps; }));
  EXPECT_EQ(plans.find(id)->steps, 0);
  // Nobody waits for what was cancelled.
  plans.wait(id, std::chrono::steady_clock::now() + 1h);
}

TEST(PlansTest, ForgetsTheOldest) {
  Plans<Plan> plans;
  const auto first = plans.add({});
  for (std::size_t i = 0; i < Plans<Plan>::kMost; ++i) plans.add({});
  EXPECT_FALSE(plans.find(first));
  std::size_t held = 0;
  plans.for_each([&held](const Plan&) { ++held; });
  EXPECT_EQ(held, Plans<Plan>::kMost);
}

TEST(PlansTest, WaitsUntilItIsClosed) {
  Plans<Plan> plans;
  std::atomic<int> idle = 0;
  std::thread worker(
      [&] { EXPECT_FALSE(plans.next(1ms, [&idle] { ++idle; })); });
  while (idle < 3) std::this_thread::yield();
  plans.close();
  worker.join();
  EXPECT_FALSE(plans.note(plans.add({}), [](Plan&) {}));
}

}  // namespace
}  // namespace gateway::server
