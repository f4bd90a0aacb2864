#include "server/timer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "unit/store/scratch_store.h"

namespace gateway::server {
namespace {

class TimerTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(waking_.begin(now_).ok()); }

  const Instant now_ = *parse_instant("2026-04-06T12:10:00Z");
  store::ScratchFolder folder_;
  std::unique_ptr<store::Store> store_ =
      store::open_or_fail(store::options_for(folder_.path()));
  Waking waking_{*store_, [] { return std::vector<std::string>{"a"}; }};
};

TEST_F(TimerTest, WakesOneCaseAfterTheOther) {
  for (int i = 0; i < 3; ++i) {
    waking_.put_off({"a", "Patient/" + std::to_string(i)}, now_);
  }
  int under_way = 0;
  std::vector<std::string> woken;
  Timer timer(
      waking_, [this] { return now_; },
      [&](const Waking::Due& due, const std::function<void(Status)>& ended) {
        EXPECT_EQ(++under_way, 1);
        woken.push_back(due.case_key);
        --under_way;
        ended(Done{});
      });
  while (timer.wake_one()) {
  }
  EXPECT_EQ(woken,
            (std::vector<std::string>{"Patient/0", "Patient/1", "Patient/2"}));
}

TEST_F(TimerTest, WhatFailsIsTriedAgainLater) {
  waking_.put_off({"a", "Patient/1"}, now_);
  auto clock = now_;
  int tries = 0;
  Timer timer(
      waking_, [&] { return clock; },
      [&](const Waking::Due&, const std::function<void(Status)>& ended) {
        if (++tries == 1) {
          ended(Error{ErrorCode::unavailable, "no room"});
        } else {
          ended(Done{});
        }
      });
  EXPECT_TRUE(timer.wake_one());
  EXPECT_FALSE(timer.wake_one());
  clock += std::chrono::minutes(1);
  EXPECT_TRUE(timer.wake_one());
  EXPECT_FALSE(timer.wake_one());
  EXPECT_EQ(tries, 2);
}

TEST_F(TimerTest, ItsThreadFollowsTheClock) {
  std::atomic<bool> late{false};
  std::promise<std::string> woken;
  Timer timer(
      waking_, [&] { return late ? now_ + std::chrono::hours(2) : now_; },
      [&](const Waking::Due& due, const std::function<void(Status)>& ended) {
        woken.set_value(due.case_key);
        ended(Done{});
      });
  waking_.put_off({"a", "Patient/1"}, now_ + std::chrono::hours(1));
  timer.start();
  late = true;
  EXPECT_EQ(woken.get_future().get(), "Patient/1");
  timer.stop();
}

}  // namespace
}  // namespace gateway::server
