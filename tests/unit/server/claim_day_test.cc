#include "server/claim_day.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "billing/explain.h"
#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class ClaimDayTest : public testing::Test {
 protected:
  ClaimDayTest() {
    gateway_.post("/fhir", demo("referral.json"));
    gateway_.post("/fhir", demo("session-5-friday.json"));
    pulled_ = gateway_.stored("Claim").at(0);
    tick();
    pull();
    tick();
  }
  void amend(const std::string& from, const std::string& to) {
    const auto session = gateway_.stored("Procedure").front();
    const auto reply = gateway_.put("/fhir/" + session.id.text(),
                                    with(session.body, from, to));
    ASSERT_EQ(reply.status, 200) << reply.body;
  }
  void tick() { gateway_.now += std::chrono::minutes(10); }
  void pull() {
    std::promise<void> end;
    gateway_.pipeline().send_pulled(
        gateway_.read("/fhir/" + pulled_.id.text(), "demo-clearinghouse"),
        [&] { end.set_value(); },
        [&](const transport::Response&) { end.set_value(); });
    end.get_future().wait();
  }
  std::shared_ptr<KnownCase> present() {
    return *gateway_.parts().shelf.take(pulled_.owner, pulled_.case_key);
  }
  [[nodiscard]] bool proved_today() {
    return billing::explain_claim(present()->facts, demo_edition()->programs,
                                  pulled_.id.id, gateway_.now)
        ->proves;
  }
  std::string past(const store::StoredResource& claim) {
    const auto found = explain_past(claim, *present(), gateway_.parts());
    EXPECT_TRUE(found.ok());
    return found.ok() && *found ? (*found)->parameters : std::string();
  }

  const std::string kMinutes = R"({"name":"minutes","valueDecimal":300})";
  ScratchGateway gateway_;
  store::StoredResource pulled_;
};

TEST_F(ClaimDayTest, APulledClaimIsProvedByWhatWasKnownThen) {
  ASSERT_TRUE(proved_today());
  amend("T13:00:00", "T11:00:00");
  EXPECT_FALSE(proved_today());
  const auto text = past(pulled_);
  EXPECT_THAT(text, HasSubstr(kMinutes));
  EXPECT_THAT(text, HasSubstr("billing/changed-since"));
  EXPECT_THAT(text, HasSubstr("_history/1"));
}

// Units stay the same, minutes do not: the proof is of those that were billed.
TEST_F(ClaimDayTest, SoIsOneWhoseMoneyIsTheSame) {
  amend("T13:00:00", "T12:55:00");
  EXPECT_FALSE(proved_today());
  EXPECT_THAT(past(pulled_), HasSubstr(kMinutes));
}

TEST_F(ClaimDayTest, AVoidIsProvedByTheClaimThatItTakesBack) {
  amend("completed", "entered-in-error");
  const auto claims = gateway_.stored("Claim");
  ASSERT_EQ(claims.size(), 2U);
  const auto text = past(claims.back());
  EXPECT_THAT(text, HasSubstr(kMinutes));
  EXPECT_THAT(text, HasSubstr("takes back " + pulled_.id.text()));
  EXPECT_THAT(past(pulled_), HasSubstr(kMinutes));
  EXPECT_THAT(past(pulled_), HasSubstr("claim-pulled"));
}

// What came later is not among the facts of that day.
TEST_F(ClaimDayTest, LaterMessagesCountForNothing) {
  gateway_.post("/fhir", demo("session-1-monday.json"));
  amend("T13:00:00", "T11:00:00");
  const auto found = explain_past(pulled_, *present(), gateway_.parts());
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ((*found)->known->facts.sessions().size(), 1U);
  EXPECT_EQ((*found)->claim.sequence, pulled_.sequence);
  EXPECT_FALSE((*found)->known->facts.pulled(pulled_.id.text()));
}

TEST_F(ClaimDayTest, AfterARestartTheLogStillProves) {
  amend("T13:00:00", "T11:00:00");
  const auto before = past(pulled_);
  gateway_.restart();
  EXPECT_EQ(past(pulled_), before);
}

}  // namespace
}  // namespace gateway::server
