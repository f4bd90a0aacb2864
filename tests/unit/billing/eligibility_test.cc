#include "billing/eligibility.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

std::string answer(const std::string& id, const std::string& required,
                   const std::string& created = "2026-04-01",
                   const std::string& more = "") {
  return "{'resourceType':'CoverageEligibilityResponse','id':'" + id +
         "','status':'active','purpose':['auth-requirements'],'patient':"
         "{'reference':'Patient/p1'},'created':'" +
         created +
         "','request':{'reference':'CoverageEligibilityRequest/q'},'outcome':"
         "'complete','insurer':{'reference':'Organization/payer'}" +
         more +
         ",'insurance':[{'coverage':{'reference':'Coverage/c1'},'item':[{"
         "'authorizationRequired':" +
         required + "}]}]}";
}

class EligibilityTest : public testing::Test {
 protected:
  EligibilityTest() {
    clinic_.store_parties();
    clinic_.store(order_json({}));
    clinic_.store(session_json({.id = "s1",
                                .start = "2026-04-06T08:00:00-05:00",
                                .end = "2026-04-06T10:00:00-05:00"}));
  }
  Clinic clinic_;
};

TEST_F(EligibilityTest, APayerThatWantsNoAuthorizationHoldsNothing) {
  clinic_.run();
  EXPECT_EQ(clinic_.open_tasks(),
            std::vector<std::string>{
                "Procedure/s1 obtain-authorization: ledger/no-authorization"});
  clinic_.post(answer("e1", "false", "2026-04-01", ",'preAuthRef':'N-1'"));
  EXPECT_TRUE(clinic_.open_tasks().empty());
  // The number that the answer names goes with the claim.
  EXPECT_EQ(clinic_.claims(),
            std::vector<std::string>{"active 97545x1 210.00 N-1"});
}

TEST_F(EligibilityTest, GrantsNothingByItself) {
  clinic_.post(answer("e1", "true"));
  EXPECT_EQ(clinic_.open_tasks().size(), 1U);
}

TEST_F(EligibilityTest, TheLatestAnswerOfTheDateCounts) {
  clinic_.store(answer("e1", "false", "2026-04-01"));
  clinic_.post(answer("e0", "true", "2026-04-02"));
  EXPECT_EQ(clinic_.open_tasks().size(), 1U);
  clinic_.post(answer("e3", "false", "2026-04-03",
                      ",'servicedPeriod':{"
                      "'start':'2026-05-01'}"));
  EXPECT_EQ(clinic_.open_tasks().size(), 1U);  // of later dates
}

// What is free of a claim is not free again with each new order.
TEST(FreeVisitsTest, ANewOrderOfTheSameClaimBeginsNoNewCount) {
  auto site = demo_site();
  auto& knobs = site.overrides["clinic-work-conditioning"];
  knobs["authRequired"] = "false";
  knobs["visitsWithoutAuth"] = "1";
  for (const auto* scope : {"AUTH", "CLAIM"}) {
    knobs["visitCountScope"] = scope;
    Clinic clinic(site);
    clinic.store_parties();
    clinic.store(order_json({}));
    clinic.store(order_json({.id = "r2"}));
    const auto session = [&](const std::string& id, const std::string& date,
                             const std::string& order) {
      clinic.post(session_json({.id = id,
                                .start = date + "T08:00:00-05:00",
                                .end = date + "T10:00:00-05:00",
                                .referral = "ServiceRequest/" + order}));
    };
    session("s1", "2026-04-06", "r1");
    EXPECT_TRUE(clinic.open_tasks().empty()) << scope;
    session("s2", "2026-04-07", "r2");
    EXPECT_EQ(clinic.open_tasks().size(), *scope == 'A' ? 0U : 1U) << scope;
    session("s3", "2026-04-08", "r1");
    EXPECT_EQ(clinic.open_tasks().size(), *scope == 'A' ? 1U : 2U) << scope;
  }
}

}  // namespace
}  // namespace gateway::billing
