// What our profiles find in resources that do not claim them holds: a Task and
// a draft claim, never a refusal; and it ends when the defect does.

#include "server/profile_holds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ProfileHoldsTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(gateway_.post("/fhir", demo("referral.json")).status, 200);
  }
  // The session is sent again with one order.
  void expect_release() {
    const auto session = gateway_.stored("Procedure").at(0);
    auto body = session.body;
    const auto first = body.find("{", body.find("\"basedOn\""));
    const auto end = body.find(",", body.find("}", first));
    body.erase(first, end + 1 - first);
    ASSERT_EQ(gateway_.put("/fhir/" + session.id.text(), body).status, 200);
    EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(1));
    EXPECT_THAT(gateway_.stored("Task", "requested"), IsEmpty());
  }

  ScratchGateway gateway_;
};

TEST_F(ProfileHoldsTest, TheDemonstrationHasNoDefect) {
  const auto reply = gateway_.post("/fhir", demo("session-1-monday.json"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(1));
  EXPECT_THAT(gateway_.stored("Task", "requested"), IsEmpty());
}

// wc-session allows one order for a session.
TEST_F(ProfileHoldsTest, ADefectHoldsTheClaimAndItsEndReleasesIt) {
  const std::string kOrder = "\"basedOn\": [\n";
  const std::string kTwo =
      "\"basedOn\": [{\"reference\": \"ServiceRequest?identifier="
      "https://ehr.example/orders|SR-2026-0330-01\"},\n";
  const auto reply =
      gateway_.post("/fhir", with(demo("session-1-monday.json"), kOrder, kTwo));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_NE(reply.header("X-Workgate-Task"), "");
  EXPECT_THAT(gateway_.stored("Claim", "active"), IsEmpty());
  EXPECT_THAT(gateway_.stored("Claim", "draft"), SizeIs(1));
  const auto tasks = gateway_.stored("Task", "requested");
  ASSERT_THAT(tasks, SizeIs(1));
  EXPECT_THAT(tasks[0].body, HasSubstr("review-session"));
  EXPECT_THAT(tasks[0].body, HasSubstr("profile/max"));
  expect_release();
}

TEST_F(ProfileHoldsTest, ARestartForgetsNoDefect) {
  const std::string kOrder = "\"basedOn\": [\n";
  const std::string kTwo =
      "\"basedOn\": [{\"reference\": \"ServiceRequest?identifier="
      "https://ehr.example/orders|SR-2026-0330-01\"},\n";
  ASSERT_EQ(
      gateway_.post("/fhir", with(demo("session-1-monday.json"), kOrder, kTwo))
          .status,
      200);
  gateway_.restart();
  ASSERT_EQ(gateway_.post("/fhir", demo("session-2-tuesday.json")).status, 200);
  EXPECT_THAT(gateway_.stored("Claim", "draft"), SizeIs(1));
  EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(1));
}

TEST(DefectsTest, AreToldWithTheExplanation) {
  Defects defects;
  defects["Procedure/1"].push_back({.rule = "profile/max",
                                    .severity = fhir::Severity::warning,
                                    .expression = "Procedure.basedOn",
                                    .text = "too many"});
  EXPECT_THAT(
      with_defects(R"({"resourceType":"Parameters","parameter":[]})", defects),
      HasSubstr("Procedure/1, Procedure.basedOn: too many"));
  const auto more = with_defects(
      R"({"resourceType":"Parameters","parameter":[{"name":"pack"}]})",
      defects);
  EXPECT_TRUE(parse_shared(more).ok()) << more;
  EXPECT_THAT(more, HasSubstr(R"({"name":"pack"},{"name":"finding")"));
  EXPECT_EQ(with_defects("{}", defects), "{}");
}

}  // namespace
}  // namespace gateway::server
