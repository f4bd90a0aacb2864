#include "server/v2_parking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "unit/server/v2_sender.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::HasSubstr;
using testing::SizeIs;

class V2ParkingTest : public V2SenderTest {
 protected:
  std::vector<ParkedMessage> parked() { return gateway_.parts().parked.all(); }

  const std::string unknown_ =
      with(sample("ADT_A01/registered.hl7"), "|F|", "|X|");
};

TEST_F(V2ParkingTest, WhatLacksARowIsTakenAndWaits) {
  EXPECT_THAT(send(unknown_), HasSubstr("MSA|AA|A4001"));
  ASSERT_THAT(parked(), SizeIs(1));
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::held);
  EXPECT_EQ(kept.content, unknown_);
  EXPECT_THAT(gateway_.stored("Patient"), SizeIs(0));
  EXPECT_THAT(gateway_.stored("Task", "requested"), SizeIs(1));
}

// HL7 v2 tells messages apart by MSH-3, -4 and -10: of two that come at once
// only one is the message of that name.
TEST_F(V2ParkingTest, TwoMessagesOfOneNameAtOnceAreNotBothTaken) {
  const auto other = with(unknown_, "P-100", "P-200");
  for (const auto& second : {other, with(other, "|X|", "|F|")}) {
    SCOPED_TRACE(second);
    gateway_.store().hold();
    auto one = begin(with(unknown_, "A4001", second == other ? "B1" : "B2"));
    auto two = begin(with(second, "A4001", second == other ? "B1" : "B2"));
    while (gateway_.store().held() == 0) std::this_thread::yield();
    gateway_.store().let_go();
    const std::vector<std::string> answers = {one.get(), two.get()};
    EXPECT_THAT(answers,
                testing::UnorderedElementsAre(
                    HasSubstr("MSA|AA|"), HasSubstr("v2/known-control-id")));
  }
}

}  // namespace
}  // namespace gateway::server
