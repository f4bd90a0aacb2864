#include "server/front.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class FrontTest : public testing::Test {
 protected:
  // Asks as a client would, and waits for the answer.
  Reply ask(const Sent& sent) {
    auto end = std::make_shared<std::promise<transport::Response>>();
    front_.handle(request_of(sent),
                  transport::Responder([end](transport::Response response) {
                    end->set_value(std::move(response));
                  }));
    return Reply(end->get_future().get());
  }
  Reply get(const std::string& target,
            const std::string& partner = "demo-ehr") {
    return ask({.method = "GET", .target = target, .partner = partner});
  }
  std::string billed_claim() {
    EXPECT_EQ(ask({.target = "/fhir", .body = demo("referral.json")}).status,
              200);
    EXPECT_EQ(
        ask({.target = "/fhir", .body = demo("session-1-monday.json")}).status,
        200);
    return gateway_.stored("Claim").at(0).id.text();
  }
  ScratchGateway gateway_;
  Metrics metrics_;
  V2Intake intake_{gateway_.parts(), gateway_.pipeline()};
  Replays replays_{gateway_.parts(), gateway_.pipeline(), intake_};
  Prunings prunings_{gateway_.parts(), [this] { return replays_.under_way(); }};
  OperatorDesk desk_{gateway_.parts(), replays_, prunings_, {}};
  Front front_{gateway_.parts(), gateway_.pipeline(), metrics_, desk_};
};

TEST_F(FrontTest, AnUnknownPartnerIs401) {
  const auto reply = get("/fhir/Patient/p", "nobody");
  EXPECT_EQ(reply.status, 401);
  EXPECT_THAT(rules(reply.root()), ElementsAre("security/unknown-partner"));
  EXPECT_EQ(gateway_.message_count(), 0U);
}

TEST_F(FrontTest, WhatAnUnknownPartnerSendsIsKeptAndNotStored) {
  const std::string body = R"({"resourceType":"Patient"})";
  const auto reply =
      ask({.target = "/fhir/Patient", .body = body, .partner = "nobody"});
  EXPECT_EQ(reply.status, 401);
  EXPECT_THAT(gateway_.stored("Patient"), IsEmpty());
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::rejected);
  EXPECT_EQ(kept.rule, "security/unknown-partner");
  EXPECT_EQ(kept.request, "POST /fhir/Patient");
}

TEST_F(FrontTest, AnUnnamedCallerIsTheOpenPartner) {
  const auto reply = ask({.target = "/fhir/Patient",
                          .body = R"({"resourceType":"Patient"})",
                          .partner = ""});
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(gateway_.newest_message().message.owner, "demo-ehr");
}

TEST_F(FrontTest, HasItsPages) {
  EXPECT_EQ(get("/health/live").root().get("status").text(), "pass");
  const auto ready = get("/health/ready");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.root().get("checks").size(), 3U);
  EXPECT_EQ(get("/").status, 200);
  EXPECT_EQ(get("/fhir/metadata").root().get("resourceType").text(),
            "CapabilityStatement");
  EXPECT_EQ(get("/nowhere").status, 404);
}

TEST_F(FrontTest, CountsItsAnswers) {
  get("/health/live");
  get("/fhir/Patient/none");
  get("/fhir/Patient/none");
  const auto page = get("/metrics");
  EXPECT_EQ(page.header("Content-Type").find("text/plain"), 0U);
  EXPECT_THAT(page.body, HasSubstr("{method=\"GET\",status=\"200\"} 1\n"));
  EXPECT_THAT(page.body, HasSubstr("{method=\"GET\",status=\"404\"} 2\n"));
}

TEST_F(FrontTest, WhatComesLaterIs501AndKept) {
  EXPECT_EQ(get("/edi/837p").status, 501);
  EXPECT_EQ(gateway_.message_count(), 0U);
  const auto reply = ask({.target = "/fhir/$process-message",
                          .body = R"({"resourceType":"Bundle"})",
                          .headers = {{"x-request-id", "c-7"}}});
  EXPECT_EQ(reply.status, 501);
  EXPECT_THAT(rules(reply.root()), ElementsAre("rest/not-yet"));
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::rejected);
  EXPECT_EQ(kept.content, R"({"resourceType":"Bundle"})");
  EXPECT_EQ(kept.control_id, "c-7");
}

TEST_F(FrontTest, TheRecordHasNoQuery) {
  ask({.method = "PUT",
       .target = "/fhir/Patient?identifier=https://ehr.example/mrn|1",
       .body = R"({"resourceType":"Patient"})"});
  EXPECT_EQ(gateway_.newest_message().message.request, "PUT /fhir/Patient");
}

TEST_F(FrontTest, EachPartnerReadsItsOwn) {
  const auto claim = billed_claim();
  const auto patient = gateway_.stored("Patient").at(0).id.text();
  EXPECT_EQ(get("/fhir/" + patient).status, 200);
  EXPECT_EQ(get("/fhir/" + patient, "demo-operator").status, 200);
  EXPECT_EQ(get("/log/messages").status, 403);
  EXPECT_EQ(get("/log/messages", "demo-operator").status, 200);
}

TEST_F(FrontTest, AClearinghouseThatReadsAClaimPullsItOnce) {
  const auto claim = billed_claim();
  const auto stored = gateway_.stored("Claim").at(0);
  EXPECT_EQ(get("/fhir/" + claim).status, 200);
  EXPECT_THAT(*gateway_.store().pulls("demo-ehr", stored.id), IsEmpty());
  const auto before = gateway_.message_count();
  const auto read = get("/fhir/" + claim, "demo-clearinghouse");
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, stored.body);
  EXPECT_THAT(*gateway_.store().pulls("demo-ehr", stored.id), SizeIs(1));
  EXPECT_EQ(gateway_.message_count(), before + 1);
  get("/fhir/" + claim, "demo-clearinghouse");
  EXPECT_EQ(gateway_.message_count(), before + 1);
}

TEST_F(FrontTest, ASearchPullsAllThatItSends) {
  billed_claim();
  ask({.target = "/fhir", .body = demo("session-2-tuesday.json")});
  const auto found = get("/fhir/Claim?status=active", "demo-clearinghouse");
  EXPECT_EQ(found.root().get("total").text(), "2");
  for (const auto& claim : gateway_.stored("Claim")) {
    EXPECT_THAT(*gateway_.store().pulls("demo-ehr", claim.id), SizeIs(1));
  }
}

TEST_F(FrontTest, ExplainsAClaim) {
  const auto claim = billed_claim();
  const auto reply = get("/fhir/" + claim + "/$explain");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.root().get("resourceType").text(), "Parameters");
  EXPECT_EQ(reply.root().find("parameter.name").text(), "line");
  EXPECT_EQ(get("/fhir/Claim/none/$explain").status, 404);
}

TEST_F(FrontTest, AClearinghouseSeesWhatItsClaimsReferTo) {
  const auto claim = billed_claim();
  const auto order = gateway_.stored("ServiceRequest").at(0).id.text();
  EXPECT_EQ(get("/fhir/" + claim + "/$explain", "demo-clearinghouse").status,
            200);
  ask({.target = "/fhir", .body = demo("referral.json", "b")});  // no claims
  const auto other = gateway_.stored("ServiceRequest").at(1).id.text();
  EXPECT_EQ(get("/fhir/" + order + "/$checklist", "demo-clearinghouse").status,
            200);
  EXPECT_EQ(get("/fhir/" + other + "/$checklist", "demo-clearinghouse").status,
            404);
}

TEST_F(FrontTest, ChecklistsAReferral) {
  billed_claim();
  const auto order = gateway_.stored("ServiceRequest").at(0).id.text();
  const auto reply = get("/fhir/" + order + "/$checklist");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.root().find("parameter.name").text(), "requirement");
}

TEST_F(FrontTest, RefusesWhatIsMoreThanMayWait) {
  auto edition = std::make_shared<Edition>(*demo_edition());
  edition->settings.waiting_requests = 1;
  gateway_.editions().reload([&] { return edition; }, gateway_.now);
  gateway_.parts().under_way.wait_for_none();
  gateway_.store().hold();
  auto first = gateway_.begin(
      {.target = "/fhir/Patient", .body = R"({"resourceType":"Patient"})"});
  const Sent second{.target = "/fhir/Patient",
                    .body = R"({"resourceType":"Patient"})"};
  const auto refused = ask(second);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.header("Retry-After"), Not(IsEmpty()));
  EXPECT_EQ(get("/health/live").status, 200);  // reads go on
  gateway_.store().let_go();
  EXPECT_EQ(first.get().status, 201);
  gateway_.parts().under_way.wait_for_none();
  EXPECT_EQ(ask(second).status, 201);
}

// Whoever waits for the messages under way waits for what was handed over.
TEST_F(FrontTest, CountsWhatWaitsForAThread) {
  std::vector<std::function<void()>> waiting;
  auto parts = gateway_.parts();
  parts.run = [&waiting](std::function<void()> work) {
    waiting.push_back(std::move(work));
  };
  Front front(parts, gateway_.pipeline(), metrics_, desk_);
  int status = 0;
  front.handle(request_of({.method = "GET", .target = "/fhir/Patient"}),
               transport::Responder([&status](const transport::Response& r) {
                 status = r.status;
               }));
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(status, 0);
  EXPECT_EQ(parts.under_way.count(), 1U);
  waiting.front()();
  waiting.clear();
  EXPECT_EQ(status, 200);
  EXPECT_EQ(parts.under_way.count(), 0U);
}

}  // namespace
}  // namespace gateway::server
