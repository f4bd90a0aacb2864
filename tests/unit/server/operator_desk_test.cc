#include "server/operator_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OperatorDeskTest : public testing::Test {
 protected:
  Reply ask(const transport::Request& request, const std::string& partner) {
    auto parsed = exchange::parse_interaction(request, gateway_.parts().site);
    if (const auto* bad = std::get_if<exchange::Refusal>(&parsed)) {
      return Reply(exchange::refusal_answer(*bad, gateway_.parts().site));
    }
    auto end = std::make_shared<std::promise<transport::Response>>();
    desk_.answer(std::get<exchange::Interaction>(parsed),
                 ScratchGateway::caller(partner),
                 transport::Responder([end](transport::Response response) {
                   end->set_value(std::move(response));
                 }));
    return Reply(end->get_future().get());
  }
  Reply ask(const std::string& method, const std::string& target,
            const std::string& partner = "demo-operator") {
    return ask(request(method, target), partner);
  }
  // A POST with a form in its body.
  Reply post(const std::string& target, const std::string& form) {
    auto asked = request("POST", target);
    asked.headers = {{"content-type", "application/x-www-form-urlencoded"}};
    asked.body = form;
    return ask(asked, "demo-operator");
  }
  static transport::Request request(const std::string& method,
                                    const std::string& target) {
    transport::Request asked;
    asked.method = method;
    asked.path = target;
    return asked;
  }
  static std::vector<std::string> listed(const Reply& reply) {
    std::vector<std::string> requests;
    for (const Json one : reply.root().get("messages")) {
      requests.emplace_back(one.get("request").text());
    }
    return requests;
  }

  ScratchGateway gateway_;
  LoadedEdition next_ = demo_edition();
  V2Intake intake_{gateway_.parts(), gateway_.pipeline()};
  Replays replays_{gateway_.parts(), gateway_.pipeline(), intake_};
  Prunings prunings_{gateway_.parts(), [this] { return replays_.under_way(); }};
  OperatorDesk desk_{
      gateway_.parts(), replays_, prunings_,
      Reloading{[this] {
                  return gateway_.editions().reload([this] { return next_; },
                                                    gateway_.now);
                },
                [this] { return gateway_.editions().rollback(gateway_.now); }}};
};

TEST_F(OperatorDeskTest, ShowsTheEditionInForce) {
  const auto reply = ask("GET", "/configuration");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.root().find("current.hash").text(), demo_edition()->hash);
}

TEST_F(OperatorDeskTest, NobodyFeignsAReplay) {
  // A sender may choose its patient's number, but not its peer.
  gateway_.post("/fhir/Patient",
                R"({"resourceType":"Patient",
                     "identifier":[{"value":"replay of 1"}]})");
  const auto listed =
      gateway_.store().messages(store::Scope::all(), {.key = "replay of 1"});
  EXPECT_EQ(listed->size(), 1U);
  const auto none =
      gateway_.store().messages(store::Scope::all(), {.replayed = true});
  EXPECT_TRUE(none->empty());
}

TEST_F(OperatorDeskTest, ReloadsAndRollsBack) {
  auto next = std::make_shared<Edition>(*demo_edition());
  next->hash = "next";
  next_ = next;
  EXPECT_EQ(
      ask("POST", "/configuration/$reload").root().find("current.hash").text(),
      "next");
  EXPECT_EQ(ask("POST", "/configuration/$rollback")
                .root()
                .find("current.hash")
                .text(),
            demo_edition()->hash);
  EXPECT_EQ(ask("POST", "/configuration/$rollback").status, 409);
}

TEST_F(OperatorDeskTest, SaysWhyNothingChanged) {
  next_ = LoadFailure{"packs", "a.yaml:1:2: no id"};
  const auto reply = ask("POST", "/configuration/$reload");
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(rules(reply.root()), ElementsAre("configuration/packs"));
  EXPECT_THAT(reply.body, HasSubstr("a.yaml:1:2: no id"));
}

TEST_F(OperatorDeskTest, IsForOperators) {
  EXPECT_EQ(ask("GET", "/configuration", "demo-ehr").status, 403);
  EXPECT_EQ(ask("POST", "/configuration/$reload", "demo-clearinghouse").status,
            403);
}

TEST_F(OperatorDeskTest, FindsTheMessagesOfAPatientAndOfAClaimNumber) {
  ASSERT_EQ(gateway_.post("/fhir", demo("referral.json")).status, 200);
  ASSERT_EQ(gateway_.post("/fhir", demo("session-1-monday.json")).status, 200);
  ASSERT_EQ(
      gateway_.post("/fhir/Patient", R"({"resourceType":"Patient"})").status,
      201);
  const auto of_patient =
      post("/log/messages/_search", "patient-identifier=MRN-20417");
  EXPECT_EQ(of_patient.status, 200) << of_patient.body;
  EXPECT_THAT(listed(of_patient), ElementsAre("POST /fhir", "POST /fhir"));
  const auto of_claim =
      post("/log/messages/_search", "claim-number=WC-2026-000417&state=held");
  EXPECT_EQ(of_claim.status, 200) << of_claim.body;
  for (const auto& one : listed(of_claim)) EXPECT_EQ(one, "POST /fhir");
  EXPECT_TRUE(listed(post("/log/messages/_search", "patient-identifier=nobody"))
                  .empty());
}

TEST_F(OperatorDeskTest, ASearchHasPagesWithoutAUrl) {
  ASSERT_EQ(gateway_.post("/fhir", demo("referral.json")).status, 200);
  ASSERT_EQ(gateway_.post("/fhir", demo("session-1-monday.json")).status, 200);
  const std::string form = "patient-identifier=MRN-20417&_count=1";
  const auto first = post("/log/messages/_search", form);
  const std::string before(first.root().get("before").text());
  EXPECT_EQ(first.root().get("messages").first().get("id").text(), before);
  EXPECT_THAT(first.body, testing::Not(HasSubstr("patient-identifier")));
  const auto second = post("/log/messages/_search", form + "&before=" + before);
  EXPECT_EQ(second.root().get("messages").size(), 1U);
  const auto third =
      post("/log/messages/_search",
           form + "&before=" + std::string(second.root().get("before").text()));
  EXPECT_EQ(third.root().get("messages").size(), 0U);
  EXPECT_FALSE(third.root().get("before").exists());
}

TEST_F(OperatorDeskTest, LooksForNobodyInAUrl) {
  auto asked = request("POST", "/log/messages/_search");
  asked.query = "patient-identifier=MRN-20417";
  const auto reply = ask(asked, "demo-operator");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(rules(reply.root()), ElementsAre("rest/parameters-in-url"));
}

TEST_F(OperatorDeskTest, ReplaysWhatWasNotTakenAndNothingElse) {
  gateway_.post("/fhir/Patient", R"({"resourceType":"Patient"})");
  const auto taken = std::to_string(gateway_.newest_message().sequence);
  const auto refused = ask("POST", "/log/messages/" + taken + "/$replay");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(rules(refused.root()), ElementsAre("log/not-replayable"));
  gateway_.post("/fhir/Patient", R"({"resourceType":"Patient","gender":"m"})");
  const auto bad = std::to_string(gateway_.newest_message().sequence);
  const auto tried = post("/log/messages/" + bad + "/$replay", "mode=trial");
  EXPECT_EQ(tried.status, 200) << tried.body;
  EXPECT_EQ(tried.root().get("state").text(), "rejected");
  const auto slip = post("/log/messages/" + bad + "/$replay", "mode=tral");
  EXPECT_EQ(slip.status, 400) << slip.body;
  EXPECT_THAT(rules(slip.root()), ElementsAre("log/unknown-mode"));
  EXPECT_EQ(ask("POST", "/log/messages/99/$replay").status, 404);
}

TEST_F(OperatorDeskTest, PlansAreReadStartedAndCancelled) {
  const auto made = post("/log/messages/$replay", "state=rejected&most=5");
  EXPECT_EQ(made.status, 202) << made.body;
  EXPECT_EQ(ask("GET", "/log/replays/1").status, 200);
  EXPECT_EQ(ask("POST", "/log/replays/1/$cancel").status, 200);
  EXPECT_EQ(ask("POST", "/log/replays/1/$start").status, 409);
  EXPECT_EQ(ask("GET", "/log/replays/2").status, 404);
  EXPECT_EQ(ask("POST", "/log/replays/2/$start").status, 404);
  EXPECT_EQ(post("/log/messages/$replay", "most=0").status, 400);
  EXPECT_EQ(post("/log/messages/$replay", "colour=red").status, 400);
}

TEST_F(OperatorDeskTest, PlansAPruningAndStartsIt) {
  while (gateway_.store().last_sequence() <= store::kSegment) {
    store::Commit commit;
    commit.message = {.owner = "demo-ehr",
                      .channel = "fhir",
                      .received_at = gateway_.now,
                      .state = store::MessageState::rejected};
    ASSERT_TRUE(store::committed(gateway_.store(), std::move(commit)).ok());
  }
  auto next = std::make_shared<Edition>(*demo_edition());
  next->settings.retention.keep = {
      {store::MessageState::rejected, Retention::Days(1)}};
  next_ = next;
  ASSERT_EQ(ask("POST", "/configuration/$reload").status, 200);
  gateway_.now += Retention::Days(1);

  EXPECT_EQ(ask("POST", "/log/messages/$prune", "demo-ehr").status, 403);
  const auto asked = ask("POST", "/log/messages/$prune");
  EXPECT_EQ(asked.status, 202);
  const auto plan =
      "/log/prunings/" + std::string(asked.root().get("id").text());
  const auto await = [&](std::string_view state) {
    for (int i = 0; i < 6'000; ++i) {
      auto page = ask("GET", plan);
      if (page.root().get("state").text() == state) return page;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the plan never was " << state;
    return Reply();
  };
  const auto planned = await("planned");
  EXPECT_EQ(planned.root().get("segments").text(), "1");
  EXPECT_EQ(planned.root().find("would.messages").text(), "256");
  EXPECT_EQ(planned.root().get("pruned").text(), "0");
  EXPECT_EQ(ask("POST", plan + "/$start").status, 200);
  EXPECT_EQ(await("done").root().get("pruned").text(), "256");
  EXPECT_EQ(ask("POST", plan + "/$cancel").status, 409);
  EXPECT_EQ(ask("GET", "/log/prunings/99").status, 404);

  const auto gone = ask("POST", "/log/messages/7/$replay");
  EXPECT_EQ(gone.status, 410);
  EXPECT_THAT(rules(gone.root()), ElementsAre("log/pruned"));
  EXPECT_EQ(ask("POST", "/log/messages/9999/$replay").status, 404);
  const auto listed = gateway_.read("/log/messages", "demo-operator").response;
  EXPECT_THAT(listed.body, HasSubstr("\"prunedOn\":\"2026-05-01T18:00:00Z\","
                                     "\"partner\":\"demo-ehr\","
                                     "\"state\":\"rejected\","
                                     "\"messages\":256"));
  EXPECT_EQ(gateway_.read("/log/messages/7", "demo-operator").response.status,
            410);
}

}  // namespace
}  // namespace gateway::server
