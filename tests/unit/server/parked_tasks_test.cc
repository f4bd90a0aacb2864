#include "server/parked_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::SizeIs;

class ParkedTasksTest : public testing::Test {
 protected:
  ParkedTasksTest() {
    hold_.findings.add({.rule = "map/unmapped",
                        .severity = fhir::Severity::warning,
                        .text = "a code is not in the table"});
    hold_.rows = {{.table = "sex", .code = "X", .place = "PID-8"}};
    store::Commit commit;
    commit.message.owner = "demo-ehr";
    commit.message.channel = "mllp";
    commit.message.received_at = gateway_.now;
    commit.message.digest = parked_.digest;
    commit.message.keys = {"identifier=a"};
    message_ = {.sequence = 1,
                .owner = "demo-ehr",
                .digest = parked_.digest,
                .task = add_task(gateway_.parts(), parked_, hold_, commit),
                .keys = {"identifier=a"}};
    EXPECT_TRUE(done(std::move(commit)));
  }
  bool done(store::Commit commit) {
    auto end = std::make_shared<std::promise<bool>>();
    gateway_.store().commit(std::move(commit),
                            [end](const Result<store::Receipt>& receipt) {
                              end->set_value(receipt.ok());
                            });
    return end->get_future().get();
  }
  std::uint32_t version() { return gateway_.stored("Task").at(0).version; }

  ScratchGateway gateway_;
  Parked parked_{.base = "https://workgate.example/fhir",
                 .partner = "demo-ehr",
                 .digest = "d1",
                 .event = "REF^I12",
                 .control_id = "R1"};
  Hold hold_;
  ParkedMessage message_;
};

TEST_F(ParkedTasksTest, WhatWaitedIsFoundAgain) {
  gateway_.restart();
  const auto before = parked_before(gateway_.parts(), "demo-ehr");
  ASSERT_TRUE(before.ok());
  ASSERT_THAT(*before, SizeIs(1));
  EXPECT_EQ(before->at(0).task, message_.task);
  EXPECT_EQ(before->at(0).sequence, 1);
  EXPECT_EQ(before->at(0).keys, message_.keys);
  EXPECT_THAT(*parked_before(gateway_.parts(), "other"), SizeIs(0));
}

TEST_F(ParkedTasksTest, TheSameReasonIsNotWrittenTwice) {
  EXPECT_EQ(*renew_task(gateway_.parts(), message_, parked_, hold_),
            TaskState::open);
  EXPECT_EQ(version(), 1U);
  hold_.rows[0].code = "Y";
  EXPECT_EQ(*renew_task(gateway_.parts(), message_, parked_, hold_),
            TaskState::open);
  EXPECT_EQ(version(), 2U);
}

TEST_F(ParkedTasksTest, WhatNobodyTakesUpGoesToTheLead) {
  const auto& programs = demo_edition()->programs;
  ASSERT_TRUE(programs.site().escalation.has_value());
  ASSERT_TRUE(escalate_task(gateway_.parts(), message_, programs));
  EXPECT_EQ(version(), 1U);  // not yet
  gateway_.now += std::chrono::hours(24 * 30);
  ASSERT_TRUE(escalate_task(gateway_.parts(), message_, programs));
  EXPECT_EQ(version(), 2U);
  const auto task = *JsonDocument::parse(gateway_.stored("Task").at(0).body);
  EXPECT_TRUE(is_escalated(task.root()));
  EXPECT_EQ(task.root().get("priority").text(), "urgent");
  EXPECT_EQ(task.root().find("owner.identifier.value").text(),
            programs.site().escalation->lead);
  // Once; and it stays there when something else stands in the way.
  ASSERT_TRUE(escalate_task(gateway_.parts(), message_, programs));
  EXPECT_EQ(version(), 2U);
  hold_.rows[0].code = "Y";
  EXPECT_EQ(*renew_task(gateway_.parts(), message_, parked_, hold_),
            TaskState::open);
  EXPECT_EQ(version(), 3U);
  const auto renewed = *JsonDocument::parse(gateway_.stored("Task").at(0).body);
  EXPECT_TRUE(is_escalated(renewed.root()));
}

TEST_F(ParkedTasksTest, ACompletedTaskEndsItOnce) {
  store::Commit commit;
  ASSERT_TRUE(complete_task(gateway_.parts(), message_, commit));
  store::Commit again = commit;
  ASSERT_TRUE(done(std::move(commit)));
  EXPECT_FALSE(done(std::move(again)));  // the version is taken
  EXPECT_FALSE(complete_task(gateway_.parts(), message_, again));
  EXPECT_EQ(*task_state(gateway_.parts(), message_), TaskState::closed);
  EXPECT_EQ(*renew_task(gateway_.parts(), message_, parked_, hold_),
            TaskState::closed);
  EXPECT_THAT(*parked_before(gateway_.parts(), "demo-ehr"), SizeIs(0));
}

}  // namespace
}  // namespace gateway::server
