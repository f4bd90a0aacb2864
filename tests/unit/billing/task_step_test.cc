#include "billing/task_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TaskStepTest : public testing::Test {
 protected:
  explicit TaskStepTest(program::Site site = demo_site())
      : clinic_(std::move(site)) {
    clinic_.now_ = *parse_instant("2026-04-06T12:00:00Z");  // a Monday
    clinic_.store_parties();
  }
  // The Task about the referral.
  Json task() {
    for (auto& one : clinic_.all("Task")) {
      const auto code = one->root().find("code.coding.code").text();
      if (code == "correct-referral") task_ = one;
    }
    return task_->root();
  }
  // The Task as its owner sends it back, with these members.
  void answer(const std::string& status, const std::string& more) {
    std::string text(task().raw());
    const std::string from = "\"status\":\"requested\"";
    text.replace(text.find(from), from.size(),
                 "\"status\":\"" + status + "\"" +
                     (more.empty() ? "" : "," + json_of(more)));
    clinic_.post(text);
  }

  Clinic clinic_;
  SharedDocument task_;
};

const char* const kFourTimes =
    "'output':[{'type':{'text':'frequency'},'valueTiming':{'repeat':{"
    "'frequency':4,'period':1,'periodUnit':'wk'}}}]";

TEST_F(TaskStepTest, AnAnswerCorrectsTheReferral) {
  clinic_.post(order_json({.occurrence = ""}));
  ASSERT_EQ(clinic_.open_tasks().size(), 1U);
  answer("completed", kFourTimes);
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  EXPECT_EQ(clinic_.all("Task").size(), 1U);
  EXPECT_EQ(task().get("status").text(), "completed");
  EXPECT_TRUE(clinic_.run().resources.empty());
}

TEST_F(TaskStepTest, AnAnswerThatLeavesTheCauseIsTakenUpAgain) {
  clinic_.post(
      order_json({.occurrence = "", .requester = "Practitioner/therapist"}));
  answer("completed", kFourTimes);
  EXPECT_EQ(clinic_.all("Task").size(), 1U);
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("ServiceRequest/r1 correct-referral: "
                          "clinic-work-conditioning/A2"));
  // What was corrected stays corrected.
  EXPECT_TRUE(task().get("output").exists());
  EXPECT_TRUE(clinic_.run().resources.empty());
}

TEST_F(TaskStepTest, ToSayItIsDoneIsNotEnough) {
  clinic_.post(order_json({.occurrence = ""}));
  answer("completed", "");
  EXPECT_EQ(clinic_.all("Task").size(), 1U);
  EXPECT_EQ(clinic_.open_tasks().size(), 1U);
}

TEST_F(TaskStepTest, AnOrderInTheAnswerTakesThePlaceOfTheOldOne) {
  clinic_.store(grant_json({}));
  clinic_.post(order_json({.occurrence = ""}));
  clinic_.post(session_json({.id = "s1",
                             .start = "2026-04-02T08:00:00-05:00",
                             .end = "2026-04-02T10:00:00-05:00"}));
  clinic_.store(order_json({.id = "r2"}));
  answer("completed",
         "'output':[{'type':{'text':'order'},'valueReference':{'reference':"
         "'ServiceRequest/r2'}}]");
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  EXPECT_EQ(clinic_.claims(),
            std::vector<std::string>{"active 97545x1 210.00 PA-7001"});
}

TEST_F(TaskStepTest, WhoseCauseIsGoneSaysSo) {
  clinic_.post(order_json({.occurrence = ""}));
  clinic_.post(order_json({}));
  EXPECT_EQ(task().get("status").text(), "completed");
  EXPECT_EQ(task().find("statusReason.text").text(), kCauseGone);
  const auto facts = clinic_.facts();
  for (const auto& [key, emitted] : facts.emitted()) {
    if (emitted.type != "Task") continue;
    EXPECT_FALSE(ended_by_owner(emitted));
  }
}

program::Site site_with_lead() {
  auto site = demo_site();
  site.escalation = program::Escalation{.after_business_days = 3,
                                        .lead = "lead",
                                        .name = "The lead",
                                        .source = "site"};
  return site;
}

class EscalationTest : public TaskStepTest {
 protected:
  EscalationTest() : TaskStepTest(site_with_lead()) {}
};

TEST_F(EscalationTest, AHoldThatNobodyAnswersGoesToTheLead) {
  const auto changes = clinic_.post(order_json({.occurrence = ""}));
  // Made on Monday; Thursday is the third business day, in Chicago.
  ASSERT_TRUE(changes.next_change.has_value());
  EXPECT_EQ(utc_text(*changes.next_change), "2026-04-10T05:00:00Z");
  clinic_.now_ = *changes.next_change - std::chrono::microseconds(1);
  EXPECT_TRUE(clinic_.run().resources.empty());
  clinic_.now_ = *changes.next_change;
  EXPECT_FALSE(clinic_.run().resources.empty());
  EXPECT_EQ(task().find("owner.identifier.value").text(), "lead");
  EXPECT_EQ(task().find("owner.identifier.system").text(),
            "https://workgate.example/fhir/NamingSystem/staff");
  EXPECT_EQ(task().get("priority").text(), "urgent");
  EXPECT_TRUE(clinic_.run().resources.empty());
}

TEST_F(EscalationTest, WhatSomebodyWorksOnStays) {
  clinic_.post(order_json({.occurrence = ""}));
  answer("in-progress", "");
  clinic_.now_ = *parse_instant("2026-05-06T12:00:00Z");
  clinic_.run();
  EXPECT_EQ(task().find("owner.identifier.value").text(), "ehr");
}

TEST(AcknowledgesTest, OnlyWarningsThatWereKnown) {
  episode::Emitted task;
  task.body =
      R"({"input":[{"type":{"coding":[{"code":"a/T4"}]},"valueString":"x"}]})";
  TaskPlan plan;
  plan.findings.push_back(
      {.rule = "a/T4", .severity = fhir::Severity::warning});
  EXPECT_TRUE(acknowledges(task, plan));
  plan.findings.push_back(
      {.rule = "a/T6", .severity = fhir::Severity::warning});
  EXPECT_FALSE(acknowledges(task, plan));
  plan.findings = {{.rule = "a/T4", .severity = fhir::Severity::error}};
  EXPECT_FALSE(acknowledges(task, plan));
}

}  // namespace
}  // namespace gateway::billing
