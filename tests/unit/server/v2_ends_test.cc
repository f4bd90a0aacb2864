#include "server/v2_ends.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "unit/server/v2_sender.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using V2EndsTest = V2SenderTest;

std::string unsupported() {
  return with(sample("ADT_A01/registered.hl7"), "ADT^A04", "ADT^Z04");
}

TEST_F(V2EndsTest, WhatEndsIsKeptWithItsAnswer) {
  const auto answer = send(unsupported());
  EXPECT_THAT(answer, HasSubstr("MSA|AR|A4001"));
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::rejected);
  EXPECT_EQ(kept.answer, answer);
  EXPECT_EQ(kept.content, unsupported());
}

// DESIGN B5: a full disk is said, and nothing else of the store.
TEST_F(V2EndsTest, AFullDiskIsSaidWhateverBecomesOfTheMessage) {
  const auto parked = with(sample("ADT_A01/registered.hl7"), "|F|", "|X|");
  for (const auto& message :
       {unsupported(), sample("ADT_A01/registered.hl7"), parked}) {
    fill_the_disk(1);
    EXPECT_THAT(send(message),
                AllOf(HasSubstr("MSA|AR|A4001"), HasSubstr("|207^"),
                      HasSubstr("the disk is full")));
  }
  EXPECT_EQ(gateway_.message_count(), 0U);
  gateway_.store().fail({ErrorCode::unavailable, "away"}, 1);
  EXPECT_EQ(send(unsupported()), "nothing");
  // The control id is free.
  EXPECT_THAT(send(parked), HasSubstr("MSA|AA|A4001"));
}

// A name needs a sender: that of another facility is not this one's.
TEST_F(V2EndsTest, WhoseFacilityCannotBeReadSharesNoName) {
  for (const auto* facility : {"Cl\xEDnica", "M\xFCnster"}) {
    const auto answer = send(
        with(unsupported(), "|CLINIC|", "|" + std::string(facility) + "|"));
    EXPECT_THAT(answer, HasSubstr("MSA|AR|A4001"));
    EXPECT_THAT(answer, Not(HasSubstr("v2/known-control-id")));
  }
}

// The rule of the log is that of the gravest.
TEST_F(V2EndsTest, TheGravestFindingNamesTheMessage) {
  auto charges = sample("DFT_P03/unknown-code.hl7");
  charges +=
      "FT1|2|T-9||20260406080000-0500||CG|99999||||||||||||||||||99999\r";
  const auto answer = send(charges);
  EXPECT_THAT(answer, HasSubstr("map/passed"));
  EXPECT_EQ(gateway_.newest_message().message.rule, "map/unmapped");
}

// What is refused holds the turn of its name until that is durable.
TEST_F(V2EndsTest, TwoMessagesOfOneNameAtOnceAreNotBothTheFirst) {
  gateway_.store().hold();
  auto first = begin(unsupported());
  auto second = begin(with(unsupported(), "Janet", "Joan"));
  while (gateway_.store().held() == 0) std::this_thread::yield();
  gateway_.store().let_go();
  const std::vector<std::string> answers = {first.get(), second.get()};
  EXPECT_THAT(answers,
              testing::UnorderedElementsAre(HasSubstr("MSA|AR|"),
                                            HasSubstr("v2/known-control-id")));
}

}  // namespace
}  // namespace gateway::server
