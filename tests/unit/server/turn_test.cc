#include "server/turn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::IsEmpty;

const Error kNoStore{ErrorCode::unavailable, "the store is away"};
const Error kConflict{ErrorCode::conflict, "taken"};

constexpr const char* kPatient =
    R"({"resourceType":"Patient","gender":"female"})";

class TurnTest : public testing::Test {
 protected:
  void refer() {
    ASSERT_EQ(gateway_.post("/fhir", demo("referral.json")).status, 200);
  }
  Reply attend(const std::string& file = "session-1-monday.json") {
    return gateway_.post("/fhir", demo(file));
  }

  ScratchGateway gateway_;
};

TEST_F(TurnTest, AnswersWithWhatItStored) {
  const auto reply = gateway_.send({.target = "/fhir/Patient",
                                    .body = kPatient,
                                    .headers = {{"x-request-id", "c-1"}}});
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.header("ETag"), "W/\"1\"");
  const auto patients = gateway_.stored("Patient");
  ASSERT_EQ(patients.size(), 1U);
  EXPECT_EQ(patients[0].body, reply.body);
  EXPECT_EQ(patients[0].id.text(), reply.written());
  EXPECT_EQ(patients[0].case_key, reply.written());
  const auto kept = gateway_.newest_message();
  EXPECT_EQ(kept.sequence, patients[0].sequence);
  EXPECT_EQ(kept.message.state, MessageState::accepted);
  EXPECT_EQ(kept.message.content, kPatient);
  EXPECT_EQ(kept.message.control_id, "c-1");
  EXPECT_EQ(kept.message.answer, reply.body);
}

TEST_F(TurnTest, AnswersNothingBeforeTheCommitIsDurable) {
  gateway_.store().hold();
  auto answer = gateway_.begin({.target = "/fhir/Patient", .body = kPatient});
  ASSERT_EQ(gateway_.store().held(), 1U);
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)),
            std::future_status::timeout);
  gateway_.store().let_go();
  EXPECT_EQ(answer.get().status, 201);
}

TEST_F(TurnTest, KeepsAllThatASessionCausesInOneCommit) {
  refer();
  ASSERT_EQ(attend().status, 200);
  const auto sessions = gateway_.stored("Procedure");
  ASSERT_EQ(sessions.size(), 1U);
  for (const auto* type : {"Encounter", "Claim"}) {
    const auto emitted = gateway_.stored(type);
    ASSERT_EQ(emitted.size(), 1U) << type;
    EXPECT_EQ(emitted[0].sequence, sessions[0].sequence) << type;
    EXPECT_EQ(emitted[0].case_key, sessions[0].case_key) << type;
  }
  const auto grant = gateway_.stored("ClaimResponse").front().id.text();
  EXPECT_EQ(gateway_.balance(grant, "used"), "1");
}

TEST_F(TurnTest, TheSameTransactionTwiceHasOneEffect) {
  refer();
  const auto first = attend();
  const auto claim = gateway_.stored("Claim").front();
  const auto again = attend();
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(first.header("X-Workgate-Replayed"), "");
  EXPECT_EQ(again.header("X-Workgate-Replayed"), "true");
  ASSERT_EQ(gateway_.stored("Claim").size(), 1U);
  EXPECT_EQ(gateway_.stored("Claim").front().version, claim.version);
  EXPECT_EQ(gateway_.message_count(), 3U);  // the replay is kept as well
}

TEST_F(TurnTest, AReplayOutlivesARestart) {
  refer();
  gateway_.restart();
  const auto again = gateway_.post("/fhir", demo("referral.json"));
  EXPECT_EQ(again.header("X-Workgate-Replayed"), "true");
  EXPECT_EQ(gateway_.stored("ServiceRequest").size(), 1U);
}

TEST_F(TurnTest, ARefusedTransactionMayBeSentAgain) {
  const auto early = attend();  // before the referral that it refers to
  EXPECT_EQ(early.status, 412);
  EXPECT_THAT(rules(early.root()), ElementsAre("rest/no-match"));
  EXPECT_EQ(gateway_.newest_message().message.state, MessageState::rejected);
  EXPECT_THAT(gateway_.stored("Procedure"), IsEmpty());
  refer();
  const auto again = attend();
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.header("X-Workgate-Replayed"), "");
}

TEST_F(TurnTest, AHoldIsStoredAndNamed) {
  const auto reply = gateway_.post(
      "/fhir",
      with(demo("referral.json"), "\"frequency\": 5", "\"frequency\": 2"));
  EXPECT_EQ(reply.status, 200);
  const auto tasks = gateway_.stored("Task", "requested");
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(reply.header("X-Workgate-Task"), tasks[0].id.text());
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::held);
  EXPECT_EQ(kept.rule, "clinic-work-conditioning/A4");
  EXPECT_NE(kept.outcome.find("clinic-work-conditioning/A4"),
            std::string::npos);
}

TEST_F(TurnTest, WhatIsNotReadableIsKept) {
  const auto reply = gateway_.post("/fhir/Patient", "{\"resourceType\":");
  EXPECT_EQ(reply.status, 400);
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::unparsed);
  EXPECT_EQ(kept.content, "{\"resourceType\":");
  EXPECT_EQ(kept.rule, rules(reply.root()).front());
}

TEST_F(TurnTest, RequestsWithOneConditionGoOneAfterTheOther) {
  const Sent sent{
      .target = "/fhir/Patient",
      .body =
          R"({"resourceType":"Patient","identifier":[{"system":"s","value":"1"}]})",
      .headers = {{"if-none-exist", "identifier=s|1"}}};
  gateway_.store().hold();  // all of them are under way before one has ended
  std::vector<std::future<transport::Response>> answers;
  for (int i = 0; i < 4; ++i) answers.push_back(gateway_.begin(sent));
  EXPECT_EQ(gateway_.store().held(), 1U);
  gateway_.store().let_go();
  std::vector<int> statuses;
  for (auto& answer : answers) statuses.push_back(answer.get().status);
  EXPECT_THAT(statuses, ElementsAre(201, 200, 200, 200));
  EXPECT_EQ(gateway_.stored("Patient").size(), 1U);
}

TEST_F(TurnTest, AConflictStartsTheTurnAnew) {
  refer();
  gateway_.store().fail(kConflict, 2);
  EXPECT_EQ(attend().status, 200);
  EXPECT_EQ(gateway_.stored("Claim", "active").size(), 1U);
  EXPECT_EQ(gateway_.stored("Procedure").front().version, 1U);
}

TEST_F(TurnTest, ConflictWithoutEndIsAnsweredBusy) {
  gateway_.store().fail(kConflict, 5);
  const auto reply = gateway_.post("/fhir/Patient", kPatient);
  EXPECT_EQ(reply.status, 429);
  EXPECT_FALSE(reply.header("Retry-After").empty());
  EXPECT_THAT(gateway_.stored("Patient"), IsEmpty());
  EXPECT_EQ(gateway_.post("/fhir/Patient", kPatient).status, 201);
}

// What a commit did not keep must not be known to the next decision.
TEST_F(TurnTest, AFailedCommitLeavesNothingBehind) {
  refer();
  gateway_.store().fail(kNoStore);
  EXPECT_EQ(attend("session-1-monday.json").status, 503);
  EXPECT_EQ(attend("session-2-tuesday.json").status, 200);
  const auto claims = gateway_.stored("Claim");
  ASSERT_EQ(claims.size(), 1U);
  EXPECT_NE(claims[0].body.find("2026-04-07"), std::string::npos);
  const auto grant = gateway_.stored("ClaimResponse").front().id.text();
  EXPECT_EQ(gateway_.balance(grant, "used"), "1");
  EXPECT_EQ(attend("session-1-monday.json").status, 200);
  EXPECT_EQ(gateway_.balance(grant, "used"), "2");
}

TEST_F(TurnTest, ADiskWithoutRoomIs507) {
  gateway_.store().fail({.code = ErrorCode::unavailable,
                         .message = "no room",
                         .disk_full = true});
  EXPECT_EQ(gateway_.post("/fhir/Patient", kPatient).status, 507);
}

TEST_F(TurnTest, AClearinghousesAnswerBelongsToTheOwnerOfTheClaim) {
  refer();
  ASSERT_EQ(attend().status, 200);
  const auto claim = gateway_.stored("Claim").front();
  const auto answer =
      R"({"resourceType":"ClaimResponse","identifier":[{"system":"https://payers.example/99999","value":"ICN-1"}],
          "status":"active","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},
          "use":"claim","patient":{"reference":")" +
      claim.case_key +
      R"("},"created":"2026-04-20","insurer":{"display":"Example"},
          "request":{"reference":")" +
      claim.id.text() + R"("},"outcome":"complete"})";
  const auto reply =
      gateway_.post("/fhir/ClaimResponse", answer, "demo-clearinghouse");
  ASSERT_EQ(reply.status, 201) << reply.body;
  EXPECT_EQ(gateway_.stored("ClaimResponse").size(), 2U);  // of the EHR
  EXPECT_EQ(gateway_.newest_message().message.owner, "demo-clearinghouse");
}

TEST_F(TurnTest, AClearinghousePullsNothingInsideATransaction) {
  refer();
  ASSERT_EQ(attend().status, 200);
  const auto claim = gateway_.stored("Claim").front().id;
  const auto reply = gateway_.post(
      "/fhir", bundle_of("transaction", {entry_of("GET " + claim.text(), "")}),
      "demo-clearinghouse");
  EXPECT_THAT(reply.statuses(), ElementsAre("400 Bad Request")) << reply.body;
  EXPECT_EQ(reply.body.find("\"Claim\""), std::string::npos);
  EXPECT_THAT(*gateway_.store().pulls("demo-ehr", claim), IsEmpty());
}

}  // namespace
}  // namespace gateway::server
