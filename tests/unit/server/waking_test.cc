#include "server/waking.h"

#include <gtest/gtest.h>

#include "unit/store/scratch_store.h"

namespace gateway::server {
namespace {

Instant at(const char* text) { return *parse_instant(text); }

class WakingTest : public testing::Test {
 protected:
  // Writes the note with a commit, as a decision does.
  void decide(Waking& waking, const std::string& case_key, Instant next,
              Instant now) {
    const auto hour = waking.note({"a", case_key}, next);
    if (!hour) return;
    store::Commit commit;
    commit.message.owner = "a";
    commit.message.channel = "fhir";
    commit.message.received_at = now;
    commit.dependents.push_back({*hour, case_key});
    const auto done = store::committed(*store_, std::move(commit));
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  static std::string due(Waking& waking, Instant now) {
    const auto next = waking.next_due(now);
    EXPECT_TRUE(next.ok());
    return next.ok() && *next ? (*next)->case_key : "nothing";
  }

  store::ScratchFolder folder_;
  std::unique_ptr<store::Store> store_ =
      store::open_or_fail(store::options_for(folder_.path()));
  Waking::Owners owners_ = [] { return std::vector<std::string>{"a", "b"}; };
};

TEST_F(WakingTest, WakesAtTheInstantAndNotBefore) {
  Waking waking(*store_, owners_);
  const auto now = at("2026-04-06T12:10:00Z");
  ASSERT_TRUE(waking.begin(now).ok());
  decide(waking, "Patient/1", at("2026-04-06T12:30:00Z"), now);
  decide(waking, "Patient/2", at("2026-04-08T05:00:00Z"), now);
  EXPECT_EQ(due(waking, at("2026-04-06T12:29:59Z")), "nothing");
  EXPECT_EQ(due(waking, at("2026-04-06T12:30:00Z")), "Patient/1");
  EXPECT_EQ(due(waking, at("2026-04-06T12:30:00Z")), "nothing");
  EXPECT_EQ(due(waking, at("2026-04-08T04:59:59Z")), "nothing");
  EXPECT_EQ(due(waking, at("2026-04-08T05:00:00Z")), "Patient/2");
  EXPECT_EQ(due(waking, at("2026-04-09T05:00:00Z")), "nothing");
}

TEST_F(WakingTest, TheEarliestOfACaseIsNotedOnce) {
  Waking waking(*store_, owners_);
  ASSERT_TRUE(waking.begin(at("2026-04-06T12:10:00Z")).ok());
  const Waking::Due due{"a", "Patient/1"};
  EXPECT_EQ(waking.note(due, at("2026-04-08T05:00:00Z")), "Time/2026-04-08T05");
  EXPECT_FALSE(waking.note(due, at("2026-04-09T05:00:00Z")).has_value());
  EXPECT_FALSE(waking.note(due, at("2026-04-08T05:00:00Z")).has_value());
  EXPECT_EQ(waking.note(due, at("2026-04-07T05:00:00Z")), "Time/2026-04-07T05");
  waking.forget(due);
  EXPECT_TRUE(waking.note(due, at("2026-04-09T05:00:00Z")).has_value());
}

TEST_F(WakingTest, ARestartFindsWhatIsDueInTheStore) {
  const auto then = at("2026-04-06T12:10:00Z");
  {
    Waking before(*store_, owners_);
    ASSERT_TRUE(before.begin(then).ok());
    decide(before, "Patient/1", at("2026-04-06T15:20:00Z"), then);
    decide(before, "Patient/2", at("2026-05-06T15:20:00Z"), then);
  }
  Waking after(*store_, owners_);
  const auto now = at("2026-04-09T08:00:00Z");
  ASSERT_TRUE(after.begin(now).ok());
  EXPECT_EQ(due(after, now), "Patient/1");
  EXPECT_EQ(due(after, now), "nothing");
  EXPECT_EQ(due(after, at("2026-05-06T15:20:00Z")), "Patient/2");
}

// What was due when the last process ended may not have been done.
TEST_F(WakingTest, ARestartLooksBackOneDay) {
  const auto then = at("2026-04-06T12:10:00Z");
  Waking before(*store_, owners_);
  ASSERT_TRUE(before.begin(then).ok());
  decide(before, "Patient/1", at("2026-04-06T12:30:00Z"), then);
  decide(before, "Patient/2", at("2026-04-20T12:30:00Z"),
         at("2026-04-06T13:00:00Z"));
  Waking after(*store_, owners_);
  ASSERT_TRUE(after.begin(at("2026-04-06T13:05:00Z")).ok());
  EXPECT_EQ(due(after, at("2026-04-06T13:05:00Z")), "Patient/1");
}

TEST_F(WakingTest, WhatIsPutOffComesAgain) {
  Waking waking(*store_, owners_);
  const auto now = at("2026-04-06T12:10:00Z");
  ASSERT_TRUE(waking.begin(now).ok());
  waking.put_off({"a", "Patient/1"}, now + std::chrono::seconds(30));
  EXPECT_EQ(due(waking, now), "nothing");
  EXPECT_EQ(due(waking, now + std::chrono::seconds(30)), "Patient/1");
}

}  // namespace
}  // namespace gateway::server
