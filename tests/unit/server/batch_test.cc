#include "server/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kPatient =
    R"({"resourceType":"Patient","gender":"female"})";
constexpr const char* kBadPatient =
    R"({"resourceType":"Patient","gender":"neither"})";

class BatchTest : public testing::Test {
 protected:
  Reply post(const std::vector<std::string>& entries,
             const std::string& partner = "demo-ehr") {
    return gateway_.post("/fhir", bundle_of("batch", entries), partner);
  }
  fhir::ResourceId billed_claim() {
    gateway_.post("/fhir", demo("referral.json"));
    gateway_.post("/fhir", demo("session-1-monday.json"));
    return gateway_.stored("Claim").at(0).id;
  }

  ScratchGateway gateway_;
};

TEST_F(BatchTest, OneBadEntryDoesNotHurtTheOthers) {
  const auto reply =
      post({entry_of("POST Patient", kPatient),
            entry_of("POST Patient", kBadPatient),
            entry_of("POST Nonsense", kPatient),
            entry_of("PUT Patient/mine",
                     R"({"resourceType":"Patient","id":"mine"})")});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.root().get("type").text(), "batch-response");
  EXPECT_THAT(reply.statuses(),
              ElementsAre("201 Created", "422 Unprocessable Content",
                          "404 Not Found", "201 Created"));
  const Json bad = reply.root().get("entry").at(1).find("response.outcome");
  EXPECT_THAT(expressions(bad), ElementsAre("Patient.gender"));
  EXPECT_THAT(gateway_.stored("Patient"), SizeIs(2));
}

TEST_F(BatchTest, EachEntryHasItsRecordAndTheBatchTheLast) {
  const auto reply = post({entry_of("POST Patient", kPatient),
                           entry_of("POST Patient", kBadPatient)});
  const auto messages =
      gateway_.store().messages(store::Scope::all(), {.count = 10});
  ASSERT_TRUE(messages.ok());
  ASSERT_THAT(*messages, SizeIs(3));  // newest first
  EXPECT_EQ(messages->at(0).message.answer, reply.body);
  EXPECT_EQ(messages->at(0).message.state, MessageState::accepted);
  EXPECT_EQ(messages->at(1).message.state, MessageState::rejected);
  EXPECT_EQ(messages->at(1).message.content, kBadPatient);
  EXPECT_EQ(messages->at(2).message.state, MessageState::accepted);
  EXPECT_EQ(messages->at(2).message.content, kPatient);
}

TEST_F(BatchTest, ReadsComeLastAndSeeWhatWasWritten) {
  const auto reply =
      post({entry_of("GET Patient/mine", ""),
            entry_of("PUT Patient/mine",
                     R"({"resourceType":"Patient","id":"mine"})"),
            entry_of("GET Patient/other", "")});
  EXPECT_THAT(reply.statuses(),
              ElementsAre("200 OK", "201 Created", "404 Not Found"));
  EXPECT_EQ(reply.root().find("entry.resource.id").text(), "mine");
}

TEST_F(BatchTest, TasksOfAllEntriesAreNamed) {
  const auto reply = post({entry_of(
      "POST ServiceRequest",
      R"({"resourceType":"ServiceRequest","status":"active","intent":"order",
          "code":{"coding":[{"system":"https://workgate.example/fhir/CodeSystem/program","code":"work-conditioning"}]},
          "subject":{"reference":"Patient/p"}})")});
  EXPECT_THAT(reply.statuses(), ElementsAre("201 Created"));
  const auto tasks = gateway_.stored("Task", "requested");
  ASSERT_THAT(tasks, SizeIs(1));
  EXPECT_EQ(reply.header("X-Workgate-Task"), tasks[0].id.text());
}

TEST_F(BatchTest, AClearinghousePullsNothingInsideABundle) {
  const auto claim = billed_claim();
  const auto reply = post({entry_of("GET " + claim.text(), ""),
                           entry_of("GET Claim?status=active", ""),
                           entry_of("GET Location?_count=1", "")},
                          "demo-clearinghouse");
  EXPECT_THAT(reply.statuses(),
              ElementsAre("400 Bad Request", "400 Bad Request", "200 OK"));
  const Json outcome = reply.root().find("entry.response.outcome");
  EXPECT_THAT(rules(outcome), ElementsAre("rest/pull-alone"));
  EXPECT_THAT(*gateway_.store().pulls("demo-ehr", claim), IsEmpty());
}

TEST_F(BatchTest, OthersReadClaimsInsideABundle) {
  const auto claim = billed_claim();
  const auto reply = post({entry_of("GET " + claim.text(), "")});
  EXPECT_THAT(reply.statuses(), ElementsAre("200 OK"));
}

TEST_F(BatchTest, ABatchThatCannotBeRecordedIsNotAnswered) {
  gateway_.store().fail({ErrorCode::unavailable, "the store is away"});
  EXPECT_EQ(post({entry_of("GET Patient/p", "")}).status, 503);
}

TEST_F(BatchTest, CountsAsUnderWayUntilItsEnd) {
  gateway_.store().hold();
  auto answer = gateway_.begin(
      {.target = "/fhir",
       .body = bundle_of("batch", {entry_of("GET Patient/p", "")})});
  EXPECT_EQ(gateway_.parts().under_way.count(), 1U);
  gateway_.store().let_go();
  EXPECT_EQ(answer.get().status, 200);
}

}  // namespace
}  // namespace gateway::server
