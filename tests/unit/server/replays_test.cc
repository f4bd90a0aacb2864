#include "server/replays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "unit/server/scratch_gateway.h"
#include "unit/server/v2_sender.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;
using State = PlanState;

// Valid only where nobody looks at the profile that it claims.
const std::string kPatient = R"({"resourceType":"Patient","gender":"male"})";
const std::string kBad = R"({"resourceType":"Patient","gender":"m"})";

TEST(UnrepeatableTest, SaysWhy) {
  store::Message message{.channel = "fhir",
                         .request = "POST /fhir/Patient",
                         .state = MessageState::rejected};
  EXPECT_FALSE(unrepeatable(message).has_value());
  message.request += kConditionalMark;
  EXPECT_TRUE(unrepeatable(message).has_value());
  message.request = "POST /fhir";
  message.content = R"({"resourceType":"Bundle","type":"batch"})";
  EXPECT_TRUE(unrepeatable(message).has_value());
  message.request = "POST /fhir/Patient";
  message.state = MessageState::held;
  EXPECT_TRUE(unrepeatable(message).has_value());
  message.state = MessageState::refused;
  message.channel = "edge";
  EXPECT_TRUE(unrepeatable(message).has_value());
}

class ReplaysTest : public testing::Test {
 protected:
  // A message that was not taken, but would be now.
  store::Sequence rejected(const std::string& body) {
    auto end = std::make_shared<std::promise<store::Sequence>>();
    store::Commit commit;
    commit.message = {.owner = "demo-ehr",
                      .channel = "fhir",
                      .received_at = gateway_.now,
                      .request = "POST /fhir/Patient",
                      .content = body,
                      .state = MessageState::rejected};
    gateway_.store().commit(std::move(commit), [end](const auto& receipt) {
      end->set_value(receipt.ok() ? receipt->sequence : 0);
    });
    return end->get_future().get();
  }
  End replay(store::Sequence sequence, Purpose purpose) {
    const auto message =
        gateway_.store().message(store::Scope::all(), sequence);
    EXPECT_TRUE(message.ok() && message->has_value());
    auto end = std::make_shared<std::promise<End>>();
    replays_.replay(**message, purpose,
                    [end](const End& e) { end->set_value(e); });
    return end->get_future().get();
  }
  // Until the plan is in that state.
  ReplayPlan await(std::int64_t id, State state) {
    for (int i = 0; i < 6'000; ++i) {
      const auto plan = replays_.find(id);
      if (plan && plan->state == state) return *plan;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the plan never was " << name(state);
    return {};
  }

  ScratchGateway gateway_;
  V2Intake intake_{gateway_.parts(), gateway_.pipeline()};
  Replays replays_{gateway_.parts(), gateway_.pipeline(), intake_};
};

TEST_F(ReplaysTest, ATrialStoresNothing) {
  const auto sequence = rejected(kPatient);
  const auto before = gateway_.message_count();
  const auto end = replay(sequence, Purpose::trial);
  EXPECT_EQ(end.state, MessageState::accepted);
  EXPECT_THAT(end.writes, UnorderedElementsAre(Pair("Patient", 1U)));
  EXPECT_TRUE(gateway_.stored("Patient").empty());
  EXPECT_EQ(gateway_.message_count(), before);
}

TEST_F(ReplaysTest, HasItsEffectOnce) {
  const auto sequence = rejected(kPatient);
  EXPECT_EQ(replay(sequence, Purpose::commit).state, MessageState::accepted);
  EXPECT_EQ(gateway_.stored("Patient").size(), 1U);
  EXPECT_TRUE(replay(sequence, Purpose::commit).known);
  EXPECT_EQ(gateway_.stored("Patient").size(), 1U);
}

TEST_F(ReplaysTest, WhatWasBroughtInIsToldFromWhatWaits) {
  const auto sequence = rejected(kPatient);
  const auto other = rejected(kBad);
  const auto found = [this](std::optional<bool> replayed) {
    const auto log = gateway_.store().messages(
        store::Scope::all(),
        {.state = MessageState::rejected, .replayed = replayed});
    std::vector<store::Sequence> sequences;
    for (const auto& one : *log) {
      if (one.message.peer.empty()) sequences.push_back(one.sequence);
    }
    return sequences;
  };
  EXPECT_THAT(found(false), ElementsAre(other, sequence));
  EXPECT_THAT(found(true), ElementsAre());
  EXPECT_EQ(replay(other, Purpose::commit).state, MessageState::rejected);
  EXPECT_EQ(replay(sequence, Purpose::commit).state, MessageState::accepted);
  EXPECT_THAT(found(false), ElementsAre(other));
  EXPECT_THAT(found(true), ElementsAre(sequence));
  EXPECT_THAT(found(std::nullopt), ElementsAre(other, sequence));
}

// What is not durable did not become anything.
TEST_F(ReplaysTest, WhereTheStoreFailsThereIsNoEnd) {
  const auto sequence = rejected(kPatient);
  gateway_.store().fail({ErrorCode::unavailable, "away"});
  EXPECT_FALSE(replay(sequence, Purpose::commit).state);
  EXPECT_EQ(replay(sequence, Purpose::commit).state, MessageState::accepted);
}

TEST_F(ReplaysTest, WhatIsStillWrongIsStillRefused) {
  const auto end = replay(rejected(kBad), Purpose::commit);
  EXPECT_EQ(end.state, MessageState::rejected);
  EXPECT_FALSE(end.rule.empty());
}

TEST_F(ReplaysTest, APlanTriesAndWaitsForItsStart) {
  for (int i = 0; i < 3; ++i) rejected(kPatient);
  rejected(kBad);
  const auto id = replays_.plan({.per_second = 500});
  const auto planned = await(id, State::planned);
  EXPECT_EQ(planned.messages.size(), 4U);
  EXPECT_FALSE(planned.capped);
  EXPECT_THAT(planned.partners, UnorderedElementsAre(Pair("demo-ehr", 4U)));
  EXPECT_EQ(planned.would.at("accepted"), 3U);
  EXPECT_THAT(planned.writes, UnorderedElementsAre(Pair("Patient", 3U)));
  EXPECT_TRUE(gateway_.stored("Patient").empty());

  EXPECT_TRUE(replays_.start(id));
  const auto done = await(id, State::done);
  EXPECT_EQ(done.replayed, 4U);
  EXPECT_EQ(done.became.at("accepted"), 3U);
  EXPECT_EQ(gateway_.stored("Patient").size(), 3U);
  EXPECT_FALSE(replays_.start(id));
  EXPECT_FALSE(replays_.cancel(id));
}

TEST_F(ReplaysTest, APlanIsCapped) {
  for (int i = 0; i < 3; ++i) rejected(kPatient);
  const auto plan = await(replays_.plan({.most = 2}), State::planned);
  EXPECT_EQ(plan.messages.size(), 2U);
  EXPECT_TRUE(plan.capped);
}

TEST_F(ReplaysTest, ACancelledPlanGoesNoFurther) {
  for (int i = 0; i < 3; ++i) rejected(kPatient);
  const auto id = replays_.plan({.per_second = 1});
  await(id, State::planned);
  EXPECT_TRUE(replays_.cancel(id));
  EXPECT_FALSE(replays_.start(id));
  EXPECT_EQ(replays_.find(id)->state, State::cancelled);
  EXPECT_TRUE(gateway_.stored("Patient").empty());
}

TEST_F(ReplaysTest, WhoseAreGoneAreNotReplayed) {
  EXPECT_FALSE(replays_.find(7).has_value());
  EXPECT_FALSE(replays_.start(7));
}

class V2ReplaysTest : public V2SenderTest {
 protected:
  End replay(store::Sequence sequence) {
    const auto message =
        gateway_.store().message(store::Scope::all(), sequence);
    auto end = std::make_shared<std::promise<End>>();
    replays_.replay(**message, Purpose::commit,
                    [end](const End& e) { end->set_value(e); });
    return end->get_future().get();
  }

  Replays replays_{gateway_.parts(), gateway_.pipeline(), *intake_};
};

// What was refused is older than what came since.
TEST_F(V2ReplaysTest, OverwriteNothingNewer) {
  const auto session = sample("ADT_A03/session.hl7");
  ASSERT_THAT(send_as("S1", session), testing::HasSubstr("MSA|AE|"));
  const auto refused = gateway_.store().last_sequence();
  send(sample("REF_I12/complete.hl7"));
  ASSERT_THAT(send_as("S2", with(session, "20260406104500", "20260406114500")),
              testing::HasSubstr("MSA|AA|"));
  const auto end = replay(refused);
  EXPECT_EQ(end.state, MessageState::rejected);
  EXPECT_EQ(end.rule, "v2/overtaken");
  EXPECT_THAT(gateway_.stored("Procedure").at(0).body,
              testing::HasSubstr("T11:45:00"));
}

}  // namespace
}  // namespace gateway::server
