#include "billing/life_cycle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using testing::ElementsAre;

class LifeCycleTest : public testing::Test {
 protected:
  LifeCycleTest() {
    clinic_.now_ = *parse_instant("2026-04-10T12:00:00Z");
    clinic_.store_parties();
  }
  void attend() {
    clinic_.post(session_json({.id = "s1",
                               .start = "2026-04-06T08:00:00-05:00",
                               .end = "2026-04-06T10:00:00-05:00"}));
  }
  // The states that Provenances record of a target, in their order.
  std::vector<std::string> course(const std::string& target) {
    std::vector<std::string> states;
    for (const auto& one : clinic_.all("Provenance")) {
      for (const Json about : one->root().get("target")) {
        if (!about.get("reference").text().starts_with(target)) continue;
        for (const Json coding : one->root().get("activity").get("coding")) {
          states.emplace_back(coding.get("code").text());
        }
      }
    }
    return states;
  }
  Clinic clinic_;
};

TEST_F(LifeCycleTest, AReferralIsCorrectedAndAccepted) {
  clinic_.post(order_json({.occurrence = ""}));
  EXPECT_THAT(course("ServiceRequest/r1"),
              ElementsAre("referral-received", "referral-validating",
                          "referral-needs-correction"));
  clinic_.post(order_json({}));
  EXPECT_THAT(course("ServiceRequest/r1"),
              ElementsAre("referral-received", "referral-validating",
                          "referral-needs-correction", "referral-corrected",
                          "referral-accepted"));
  for (const auto& one : clinic_.all("Provenance")) {
    const Json root = one->root();
    EXPECT_EQ(root.find("agent.who.display").text(), "Workgate");
    EXPECT_EQ(root.find("agent.onBehalfOf.identifier.value").text(), "ehr");
    const auto target = root.find("target.reference").text();
    if (!target.starts_with("ServiceRequest/")) continue;
    EXPECT_GT(root.get("policy").size(), 0U);
  }
  clinic_.post(order_json({.status = "revoked"}));
  EXPECT_EQ(course("ServiceRequest/r1").back(), "referral-revoked");
}

TEST_F(LifeCycleTest, ATransitionNamesTheRuleThatHeld) {
  clinic_.post(order_json({.occurrence = ""}));
  for (const auto& one : clinic_.all("Provenance")) {
    if (one->root().get("activity").exists()) {
      const auto first = one->root().find("activity.coding.code").text();
      if (first != "referral-received") continue;
      std::vector<std::string> reasons;
      for (const Json reason : one->root().get("reason")) {
        reasons.emplace_back(reason.find("coding.code").text());
      }
      EXPECT_THAT(reasons, ElementsAre("life-cycle/received",
                                       "clinic-work-conditioning/A4"));
      return;
    }
  }
  FAIL() << "no Provenance of the hold";
}

TEST_F(LifeCycleTest, AnAuthorizationIsUsedUpAndExpires) {
  clinic_.store(order_json({}));
  clinic_.post(grant_json({.visits = "1"}));
  EXPECT_THAT(course("ClaimResponse/a1"), ElementsAre("authorization-granted"));
  attend();
  EXPECT_EQ(course("ClaimResponse/a1").back(), "authorization-exhausted");
  clinic_.now_ = *parse_instant("2026-05-20T12:00:00Z");
  clinic_.run();
  EXPECT_EQ(course("ClaimResponse/a1").back(), "authorization-expired");
}

TEST_F(LifeCycleTest, ASessionAndItsClaimGoOnTogether) {
  clinic_.store(order_json({}));
  attend();
  const auto encounter =
      "Encounter/" +
      std::string(clinic_.all("Encounter").at(0)->root().get("id").text());
  EXPECT_THAT(course(encounter),
              ElementsAre("session-finished", "session-held", "claim-draft"));
  clinic_.post(grant_json({}));
  const auto claim =
      "Claim/" +
      std::string(clinic_.all("Claim").at(0)->root().get("id").text());
  EXPECT_EQ(course(claim).back(), "claim-ready");
  const auto facts = clinic_.facts();
  const auto& emitted = facts.emitted().at(claim);
  EXPECT_EQ(claim_state(emitted, facts).state, "claim-ready");
  clinic_.pull(claim);
  const auto pulled = clinic_.facts();
  EXPECT_EQ(claim_state(pulled.emitted().at(claim), pulled).state,
            "claim-pulled");
}

TEST_F(LifeCycleTest, NothingIsRecordedTwice) {
  clinic_.store(grant_json({}));
  clinic_.post(order_json({}));
  attend();
  const auto count = clinic_.all("Provenance").size();
  EXPECT_TRUE(clinic_.run().resources.empty());
  EXPECT_EQ(clinic_.all("Provenance").size(), count);
}

TEST(BookingStateTest, FollowsTheAppointment) {
  episode::Appointment booking;
  const auto state = [&](const char* status, const char* absence = "") {
    booking.status = status;
    booking.absence = absence;
    return booking_state(booking).state;
  };
  EXPECT_EQ(state("booked"), "session-booked");
  EXPECT_EQ(state("arrived"), "session-arrived");
  EXPECT_EQ(state("fulfilled"), "session-finished");
  EXPECT_EQ(state("noshow", "excused"), "session-noshow-excused");
  EXPECT_EQ(state("noshow"), "session-noshow-unexcused");
  EXPECT_EQ(state("cancelled"), "session-entered-in-error");
}

}  // namespace
}  // namespace gateway::billing
