#include "server/prunings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "security/digest.h"
#include "server/parked_tasks.h"
#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using State = PlanState;
using store::MessageState;

class PruningsTest : public testing::Test {
 protected:
  void SetUp() override {
    keep({{MessageState::accepted, Retention::Days(10)},
          {MessageState::held, Retention::Days(10)},
          {MessageState::rejected, Retention::Days(10)}});
  }
  void keep(std::map<MessageState, Retention::Days> days, bool daily = false) {
    auto next = std::make_shared<Edition>(*demo_edition());
    next->settings.retention.keep = std::move(days);
    next->settings.retention.daily = daily;
    (void)gateway_.editions().reload([&] { return LoadedEdition(next); },
                                     gateway_.now);
  }
  store::Sequence message(MessageState state, const std::string& headers = {}) {
    store::Commit commit;
    commit.message = {.owner = "demo-ehr",
                      .channel = "fhir",
                      .received_at = gateway_.now,
                      .request = "POST /fhir/Patient",
                      .content = "content",
                      .state = state,
                      .answer_headers = headers};
    return store::committed(gateway_.store(), std::move(commit))->sequence;
  }
  void fill(store::Sequence until, MessageState state) {
    while (gateway_.store().last_sequence() < until) message(state);
  }
  void later(int days) { gateway_.now += Retention::Days(days); }

  PrunePlan await(std::int64_t id, State state) {
    for (int i = 0; i < 6'000; ++i) {
      const auto plan = prunings_.find(id);
      if (plan && plan->state == state) return *plan;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the plan never was " << name(state);
    return {};
  }
  PrunePlan planned() { return await(prunings_.plan(), State::planned); }
  PrunePlan pruned() {
    const auto plan = planned();
    EXPECT_TRUE(prunings_.start(plan.id));
    return await(plan.id, State::done);
  }
  bool there(store::Sequence sequence) {
    return gateway_.store().message(store::Scope::all(), sequence)->has_value();
  }

  ScratchGateway gateway_;
  std::set<store::Sequence> under_replay_;
  Prunings prunings_{gateway_.parts(), [this] { return under_replay_; }};
};

TEST_F(PruningsTest, APlanCountsAndTakesNothing) {
  fill(300, MessageState::rejected);
  EXPECT_TRUE(planned().segments.empty());  // not old enough
  later(10);
  const auto plan = planned();
  ASSERT_EQ(plan.segments.size(), 1U);
  ASSERT_EQ(plan.would.size(), 1U);
  EXPECT_EQ(plan.would[0].messages, store::kSegment);
  EXPECT_EQ(plan.would[0].owner, "demo-ehr");
  EXPECT_EQ(plan.would[0].bytes, 7 * store::kSegment);
  EXPECT_EQ(gateway_.message_count(), 300U);
}

TEST_F(PruningsTest, TakesWhatItPlanned) {
  fill(300, MessageState::rejected);
  later(10);
  const auto plan = pruned();
  EXPECT_EQ(plan.pruned, store::kSegment);
  EXPECT_EQ(gateway_.message_count(), 300U - store::kSegment);
  EXPECT_FALSE(prunings_.start(plan.id));
  EXPECT_FALSE(prunings_.cancel(plan.id));
  EXPECT_TRUE(planned().segments.empty());  // nothing is left
}

TEST_F(PruningsTest, AStateWithoutDaysIsKept) {
  const auto first = message(MessageState::unparsed);
  fill(300, MessageState::rejected);
  later(4000);
  EXPECT_EQ(pruned().pruned, store::kSegment - 1);
  EXPECT_TRUE(there(first));
}

TEST_F(PruningsTest, WhatIsBeingReplayedIsKept) {
  fill(300, MessageState::rejected);
  later(10);
  const auto plan = planned();
  under_replay_ = {7};  // since the plan
  ASSERT_TRUE(prunings_.start(plan.id));
  await(plan.id, State::done);
  EXPECT_TRUE(there(7));
  EXPECT_EQ(planned().open, 1);
  under_replay_ = {};
  EXPECT_EQ(pruned().pruned, 1);
}

// A held message is open while the Task that it raised is.
TEST_F(PruningsTest, AHeldMessageIsKeptUntilItsTaskIsCompleted) {
  const std::string session =
      R"({"resourceType":"Procedure","id":"s",)"
      R"("identifier":[{"system":"urn:x","value":"1"}],"status":"completed",)"
      R"("code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt",)"
      R"("code":"97545"}]},"subject":{"reference":"Patient/none"},)"
      R"("performedPeriod":{"start":"2026-04-06T08:00:00-05:00",)"
      R"("end":"2026-04-06T10:00:00-05:00"}})";
  const auto held = gateway_.put("/fhir/Procedure/s", session);
  ASSERT_EQ(held.status, 201) << held.body;
  const auto sequence = gateway_.store().last_sequence();
  ASSERT_EQ(gateway_.newest_message().message.state, MessageState::held);
  fill(sequence + store::kSegment, MessageState::rejected);
  later(10);
  auto plan = pruned();
  EXPECT_EQ(plan.open, 1);
  EXPECT_TRUE(there(sequence));

  ASSERT_EQ(gateway_
                .put("/fhir/Procedure/s",
                     with(session, "completed", "entered-in-error"))
                .status,
            200);
  const auto task = held.header("X-Workgate-Task").substr(5);
  const auto ended =
      gateway_.store().read(store::Scope::all(), {"Task", task}, std::nullopt);
  EXPECT_THAT(ended->value().body,
              testing::Not(testing::HasSubstr("\"requested\"")));
  plan = pruned();
  EXPECT_EQ(plan.open, 0);
  EXPECT_EQ(plan.pruned, 1);
  EXPECT_FALSE(there(sequence));
}

// A message that waits has a Task of its own, and no case.
TEST_F(PruningsTest, AMessageThatWaitedIsKeptUntilItsTaskIsCompleted) {
  const auto& parts = gateway_.parts();
  Hold hold;
  hold.findings.add({.rule = "map/unmapped", .text = "unknown"});
  store::Commit commit;
  commit.message = {.owner = "demo-ehr",
                    .channel = "mllp",
                    .received_at = gateway_.now,
                    .digest = security::sha256_hex("MSH|"),
                    .content = "MSH|",
                    .state = MessageState::held};
  ParkedMessage parked{.owner = "demo-ehr"};
  parked.task =
      add_task(parts, {.base = parts.site.canonical, .partner = "demo-ehr"},
               hold, commit);
  parked.sequence =
      store::committed(gateway_.store(), std::move(commit))->sequence;
  fill(parked.sequence + store::kSegment, MessageState::rejected);
  later(10);
  EXPECT_EQ(pruned().open, 1);
  EXPECT_TRUE(there(parked.sequence));

  store::Commit again;
  again.message = {.owner = "demo-ehr",
                   .channel = "mllp",
                   .received_at = gateway_.now,
                   .content = "MSH|",
                   .state = MessageState::held};
  const auto copy =
      store::committed(gateway_.store(), std::move(again))->sequence;
  fill(copy + store::kSegment, MessageState::rejected);
  later(10);
  EXPECT_EQ(pruned().open, 2);

  store::Commit release;
  release.message = {.owner = "demo-ehr", .received_at = gateway_.now};
  ASSERT_TRUE(complete_task(parts, parked, release));
  ASSERT_TRUE(store::committed(gateway_.store(), std::move(release)));
  EXPECT_EQ(pruned().open, 0);
  EXPECT_FALSE(there(parked.sequence));
  EXPECT_FALSE(there(copy));
}

TEST_F(PruningsTest, AHeldMessageWhoseTaskNobodyNamedIsKept) {
  const auto sequence = message(MessageState::held);
  fill(300, MessageState::rejected);
  later(10);
  EXPECT_EQ(pruned().open, 1);
  EXPECT_TRUE(there(sequence));
}

TEST_F(PruningsTest, ACancelledPlanTakesNothing) {
  fill(300, MessageState::rejected);
  later(10);
  const auto plan = planned();
  EXPECT_TRUE(prunings_.cancel(plan.id));
  EXPECT_FALSE(prunings_.start(plan.id));
  EXPECT_FALSE(prunings_.start(plan.id + 1));
  EXPECT_EQ(gateway_.message_count(), 300U);
}

TEST_F(PruningsTest, PrunesByItselfOnceADayWhereTheSiteSaysSo) {
  fill(300, MessageState::rejected);
  later(10);
  EXPECT_EQ(prunings_.plan_if_due(), std::nullopt);
  keep({{MessageState::rejected, Retention::Days(10)}}, true);
  const auto id = prunings_.plan_if_due();
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(await(*id, State::done).pruned, store::kSegment);
  EXPECT_EQ(prunings_.plan_if_due(), std::nullopt);
  later(1);
  EXPECT_TRUE(prunings_.plan_if_due().has_value());
}

// The answer to what was pruned still answers, for the days that are set.
TEST_F(PruningsTest, ADuplicateOfAPrunedMessageGetsItsAnswer) {
  const auto text =
      bundle_of("transaction",
                {entry_of("POST Patient", R"({"resourceType":"Patient"})")});
  const auto first = gateway_.post("/fhir", text);
  ASSERT_EQ(first.status, 200) << first.body;
  const auto sequence = gateway_.store().last_sequence();
  fill(sequence + store::kSegment, MessageState::rejected);
  later(10);
  pruned();
  ASSERT_FALSE(there(sequence));
  const auto again = gateway_.post("/fhir", text);
  EXPECT_EQ(again.header("X-Workgate-Replayed"), "true");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(gateway_.stored("Patient").size(), 1U);
  later(30);
  pruned();
  EXPECT_EQ(gateway_.post("/fhir", text).header("X-Workgate-Replayed"), "");
  EXPECT_EQ(gateway_.stored("Patient").size(), 2U);
}

}  // namespace
}  // namespace gateway::server
