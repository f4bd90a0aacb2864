#include "server/parked_messages.h"

#include <gtest/gtest.h>

#include <thread>

namespace gateway::server {
namespace {

ParkedMessage message(store::Sequence sequence, std::set<std::string> keys,
                      const std::string& owner = "mercy") {
  return {.sequence = sequence,
          .owner = owner,
          .digest = {},
          .task = {"Task", std::to_string(sequence)},
          .keys = std::move(keys)};
}

TEST(ParkedMessagesTest, TheNearestEarlierOneAboutTheSameIsAhead) {
  ParkedMessages parked;
  parked.add(message(1, {"a"}), {});
  parked.add(message(2, {"a", "b"}), {});
  parked.add(message(3, {"c"}), {});
  EXPECT_EQ(parked.ahead_of("mercy", {"a"})->id, "2");
  EXPECT_EQ(parked.ahead_of("mercy", {"of a"}, 2)->id, "1");
  EXPECT_FALSE(parked.ahead_of("mercy", {"a"}, 1));
  EXPECT_FALSE(parked.ahead_of("mercy", {"d"}));
  EXPECT_FALSE(parked.ahead_of("other", {"a"}));
  parked.remove(2);
  EXPECT_EQ(parked.ahead_of("mercy", {"a"})->id, "1");
  EXPECT_FALSE(parked.ahead_of("mercy", {"b"}));
}

TEST(ParkedMessagesTest, ThatTheEarlierOnlyRefersToItIsNoReason) {
  ParkedMessages parked;
  parked.add(message(1, {"of a", "b"}), {});
  EXPECT_FALSE(parked.ahead_of("mercy", {"a"}));
  EXPECT_FALSE(parked.ahead_of("mercy", {"of a"}));
  EXPECT_TRUE(parked.ahead_of("mercy", {"of b"}));
}

TEST(ParkedMessagesTest, KnowsForWhomSomeWait) {
  ParkedMessages parked;
  parked.add(message(1, {"a"}), {});
  parked.add(message(2, {}), {});
  EXPECT_TRUE(parked.has_any_of("mercy"));
  EXPECT_FALSE(parked.has_any_of("other"));
  parked.remove(1);
  EXPECT_TRUE(parked.has_any_of("mercy"));
  parked.remove(2);
  EXPECT_FALSE(parked.has_any_of("mercy"));
}

using Woken = ParkedMessages::Woken;
constexpr std::chrono::hours kLong{1};

TEST(ParkedMessagesTest, TheyLieInOrderOfArrival) {
  ParkedMessages parked;
  parked.add(message(7, {}), {});
  parked.add(message(3, {}), {});
  const auto all = parked.all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].sequence, 3);
}

TEST(ParkedMessagesTest, WhatWaitsBehindOneThatIsGoneIsTriedAgain) {
  ParkedMessages parked;
  parked.add(message(1, {"a"}), {});
  parked.add(message(2, {"a"}), "Task/1");
  parked.remove(1);
  EXPECT_EQ(parked.wait_for(kLong), Woken::due);
  // It was gone before the other one was noted.
  parked.add(message(3, {"z"}), "Task/1");
  EXPECT_EQ(parked.wait_for(kLong), Woken::due);
}

TEST(ParkedMessagesTest, NobodyIsWokenForNothing) {
  ParkedMessages parked;
  parked.add(message(1, {"a"}), {});
  parked.add(message(2, {"b"}), {});
  parked.remove(1);  // nobody else is about that
  parked.look_at("mercy", {"Task", "1"});
  parked.look_at("other", {"Task", "2"});
  EXPECT_EQ(parked.wait_for(std::chrono::milliseconds(1)), Woken::time);
  parked.close();
  EXPECT_EQ(parked.wait_for(kLong), Woken::ended);
}

TEST(ParkedMessagesTest, WhoeverWritesATaskIsHeard) {
  ParkedMessages parked;
  parked.add(message(1, {"a"}), {});
  parked.look_at("mercy", {"Task", "1"});
  EXPECT_EQ(parked.wait_for(kLong), Woken::due);
}

// A reload may bring the partner of messages that nobody has read yet.
TEST(ParkedMessagesTest, AWakeIsHeardWhereNothingWaits) {
  ParkedMessages parked;
  parked.wake();
  EXPECT_EQ(parked.wait_for(kLong), Woken::due);
}

TEST(ParkedMessagesTest, TheEndWakesWhoeverWaits) {
  ParkedMessages parked;
  auto woken = Woken::due;
  std::thread waiting([&] { woken = parked.wait_for(kLong); });
  parked.close();
  waiting.join();
  EXPECT_EQ(woken, Woken::ended);
}

}  // namespace
}  // namespace gateway::server
