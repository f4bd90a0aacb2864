#include "server/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class PipelineTest : public testing::Test {
 protected:
  // Waits for all commits so far, since commits keep their order.
  void wait_for_commits() {
    ASSERT_TRUE(store::committed(gateway_.store(), {}).ok());
  }
  void bill_monday() {
    ASSERT_EQ(gateway_.post("/fhir", demo("referral.json")).status, 200);
    ASSERT_EQ(gateway_.post("/fhir", demo("session-1-monday.json")).status,
              200);
    ASSERT_THAT(gateway_.stored("Claim", "active"), SizeIs(1));
  }
  // Half an hour more: three units in all.
  void amend_monday() {
    const auto session = gateway_.stored("Procedure").front();
    ASSERT_EQ(gateway_
                  .put("/fhir/" + session.id.text(),
                       with(session.body, "10:00:00", "11:00:00"))
                  .status,
              200);
  }
  std::vector<store::Pull> pulls(const fhir::ResourceId& claim) {
    return *gateway_.store().pulls("demo-ehr", claim);
  }

  struct Pulled {
    Reply reply;
    std::size_t known = 0;  // pulls at the time of the answer
    bool again = false;
  };
  // Sends `read`, and waits until it was answered or is to be read again.
  Pulled send(exchange::ReadAnswer read) {
    const auto claim = read.pulls.front().pull.claim;
    Pulled pulled;
    std::promise<void> end;
    gateway_.pipeline().send_pulled(
        std::move(read),
        [&] {
          pulled.again = true;
          end.set_value();
        },
        [&](transport::Response response) {
          pulled.known = pulls(claim).size();
          pulled.reply = Reply(std::move(response));
          end.set_value();
        });
    end.get_future().wait();
    return pulled;
  }

  ScratchGateway gateway_;
};

TEST_F(PipelineTest, KeepsWhatTheEdgeRefused) {
  gateway_.pipeline().record({.peer = "127.0.0.1:9",
                              .head = "GET /fhir",
                              .bytes_seen = 12,
                              .status = 400,
                              .reason = "edge/bad-host: two Host fields",
                              .at = gateway_.now});
  wait_for_commits();
  const auto kept = gateway_.store().message(store::Scope::all(), 1);
  ASSERT_TRUE(kept.ok() && kept->has_value());
  const auto& message = (*kept)->message;
  EXPECT_EQ(message.channel, "edge");
  EXPECT_EQ(message.state, MessageState::refused);
  EXPECT_EQ(message.rule, "edge/bad-host");
  EXPECT_EQ(message.status, 400);
  EXPECT_EQ(message.request, "GET /fhir");
  EXPECT_EQ(message.peer, "127.0.0.1:9");
  EXPECT_EQ(message.received_at, gateway_.now);
  EXPECT_EQ(message.content, "");
  const auto outcome = JsonDocument::parse(message.outcome);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->root().find("issue.severity").text(), "fatal");
  EXPECT_EQ(outcome->root().find("issue.details.text").text(),
            "two Host fields");
}

TEST_F(PipelineTest, KeepsWhatWasRefusedBeforeItWasRead) {
  Incoming incoming{.caller = {.partner = "demo-ehr"},
                    .request = "POST /edi",
                    .received_at = gateway_.now,
                    .body = "ISA"};
  std::promise<transport::Response> answer;
  gateway_.pipeline().reject(
      std::move(incoming),
      exchange::refusal(501, fhir::IssueType::not_supported, "rest/not-yet",
                        "no X12 yet"),
      [&](transport::Response response) {
        answer.set_value(std::move(response));
      });
  const Reply reply(answer.get_future().get());
  EXPECT_EQ(reply.status, 501);
  EXPECT_THAT(rules(reply.root()), ElementsAre("rest/not-yet"));
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::rejected);
  EXPECT_EQ(kept.rule, "rest/not-yet");
  EXPECT_EQ(kept.content, "ISA");
  EXPECT_EQ(kept.answer, reply.body);
}

TEST_F(PipelineTest, ARefusalThatCannotBeKeptIsNotGiven) {
  gateway_.store().fail({ErrorCode::unavailable, "the store is away"});
  std::promise<transport::Response> answer;
  gateway_.pipeline().reject(
      {}, exchange::refusal(400, fhir::IssueType::invalid, "rest/x", "x"),
      [&](transport::Response response) {
        answer.set_value(std::move(response));
      });
  EXPECT_EQ(answer.get_future().get().status, 503);
}

TEST_F(PipelineTest, AClaimCountsAsPulledBeforeItsBodyIsSent) {
  bill_monday();
  const auto claim = gateway_.stored("Claim").front();
  auto read = gateway_.read("/fhir/" + claim.id.text(), "demo-clearinghouse");
  ASSERT_THAT(read.pulls, SizeIs(1));
  EXPECT_THAT(pulls(claim.id), IsEmpty());
  const auto pulled = send(std::move(read));
  EXPECT_EQ(pulled.reply.status, 200);
  EXPECT_EQ(pulled.reply.body, claim.body);
  EXPECT_EQ(pulled.known, 1U);
  const auto kept = pulls(claim.id).front();
  EXPECT_EQ(kept.partner, "demo-clearinghouse");
  EXPECT_EQ(kept.version, claim.version);
  EXPECT_EQ(gateway_.newest_message().message.channel, "pull");
  EXPECT_EQ(gateway_.newest_message().message.owner, "demo-clearinghouse");
}

// A claim that was pulled is never rewritten: the case that lies on the shelf
// must know of the pull at once.
TEST_F(PipelineTest, DecisionsAfterAPullKnowOfIt) {
  bill_monday();
  const auto claim = gateway_.stored("Claim").front();
  send(gateway_.read("/fhir/" + claim.id.text(), "demo-clearinghouse"));
  amend_monday();
  const auto claims = gateway_.stored("Claim");
  ASSERT_THAT(claims, SizeIs(2));
  EXPECT_EQ(claims[0].id, claim.id);
  EXPECT_EQ(claims[0].version, claim.version);
  const auto replacement = JsonDocument::parse(claims[1].body);
  ASSERT_TRUE(replacement.ok());
  EXPECT_EQ(replacement->root().get("status").text(), "draft");
}

TEST_F(PipelineTest, WithoutAPullAnAmendmentRewritesTheClaim) {
  bill_monday();
  amend_monday();
  const auto claims = gateway_.stored("Claim");
  ASSERT_THAT(claims, SizeIs(1));
  EXPECT_EQ(claims[0].version, 2U);
}

TEST_F(PipelineTest, AClaimThatChangedMeanwhileIsReadAgain) {
  bill_monday();
  const auto claim = gateway_.stored("Claim").front().id;
  auto read = gateway_.read("/fhir/" + claim.text(), "demo-clearinghouse");
  amend_monday();
  const auto pulled = send(std::move(read));
  EXPECT_TRUE(pulled.again);
  EXPECT_EQ(pulled.reply.status, 0);
  EXPECT_THAT(pulls(claim), IsEmpty());
}

TEST_F(PipelineTest, AClaimWhosePullCannotBeKeptIsNotSent) {
  bill_monday();
  const auto claim = gateway_.stored("Claim").front();
  auto read = gateway_.read("/fhir/" + claim.id.text(), "demo-clearinghouse");
  gateway_.store().fail({ErrorCode::unavailable, "the store is away"});
  const auto pulled = send(std::move(read));
  EXPECT_EQ(pulled.reply.status, 503);
  EXPECT_EQ(pulled.reply.body.find("\"Claim\""), std::string::npos);
  EXPECT_THAT(pulls(claim.id), IsEmpty());
  amend_monday();  // so it may still be rewritten
  EXPECT_THAT(gateway_.stored("Claim"), SizeIs(1));
}

// Whoever waits for the messages under way waits for these as well.
TEST_F(PipelineTest, CountsAllThatWaitsForACommit) {
  bill_monday();
  const auto claim = gateway_.stored("Claim").front().id.text();
  auto read = gateway_.read("/fhir/" + claim, "demo-clearinghouse");
  auto& under_way = gateway_.parts().under_way;
  under_way.wait_for_none();
  gateway_.store().hold();
  const auto ignore = [](const transport::Response&) {};
  gateway_.pipeline().reject(
      {}, exchange::refusal(400, fhir::IssueType::invalid, "rest/x", "x"),
      ignore);
  EXPECT_EQ(under_way.count(), 1U);
  gateway_.pipeline().send_pulled(
      std::move(read), [] {}, ignore);
  EXPECT_EQ(under_way.count(), 2U);
  gateway_.pipeline().record({});
  EXPECT_EQ(under_way.count(), 3U);
  gateway_.store().let_go();
  under_way.wait_for_none();
}

TEST(CaseLaneTest, IsThatOfOneCaseOfOnePartner) {
  EXPECT_EQ(case_lane("a", "Patient/1"), case_lane("a", "Patient/1"));
  EXPECT_NE(case_lane("a", "Patient/1"), case_lane("a", "Patient/2"));
  EXPECT_NE(case_lane("a", "Patient/1"), case_lane("b", "Patient/1"));
}

TEST(UnavailableTest, SaysWhetherARetryCanHelp) {
  const exchange::Site site;
  EXPECT_EQ(unavailable({ErrorCode::busy, "x"}, site).status, 429);
  EXPECT_EQ(unavailable({ErrorCode::fault, "x"}, site).status, 500);
  EXPECT_EQ(
      unavailable(
          {.code = ErrorCode::unavailable, .message = "x", .disk_full = true},
          site)
          .status,
      507);
}

}  // namespace
}  // namespace gateway::server
