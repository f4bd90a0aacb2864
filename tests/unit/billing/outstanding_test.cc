// What the payer has in hand keeps its authorization, and is not billed again
// elsewhere, until the void of it has gone out too.

#include "billing/outstanding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::StartsWith;

std::string held(const std::string& id, const std::string& date,
                 const std::string& until = "11:00",
                 const std::string& status = "completed") {
  return session_json({.id = id,
                       .start = date + "T08:00:00-05:00",
                       .end = date + "T" + until + ":00-05:00",
                       .status = status});
}

class OutstandingTest : public ::testing::Test {
 protected:
  void open(const Grantee& grant) {
    clinic_.store_parties();
    clinic_.post(order_json({}));
    clinic_.post(grant_json(grant));
  }

  // The clearinghouse has all active claims, and so decides the gateway.
  void pull_all() {
    const auto facts = clinic_.facts();
    for (const auto& [key, emitted] : facts.emitted()) {
      if (emitted.type == "Claim" && emitted.status == "active") {
        clinic_.pull(key);
      }
    }
    clinic_.run();
  }

  // The payer gives each pulled claim its number.
  void number_all() {
    const auto facts = clinic_.facts();
    for (const auto& [key, pull] : facts.pulls()) {
      clinic_.post(
          "{'resourceType':'ClaimResponse','id':'n" + key.substr(6) +
          "','identifier':[{'system':'urn:payer','value':'ICN-" +
          key.substr(6) +
          "'}],'status':'active','use':'claim','patient':{'reference':"
          "'Patient/p1'},'created':'2026-05-01','insurer':{'reference':"
          "'Organization/payer'},'outcome':'complete','request':{'reference':"
          "'" +
          key + "'}}");
    }
  }

  Balance balance(const std::string& unit) {
    for (const auto& one : clinic_.plan().balances) {
      if (one.unit == unit) return one;
    }
    return {};
  }

  Clinic clinic_;
};

TEST_F(OutstandingTest, IsWhatTheLastPulledClaimOfAChainBills) {
  open({});
  clinic_.post(held("s1", "2026-04-06"));
  const auto day = *LocalDate::from(2026, 4, 6);
  EXPECT_EQ(Outstanding(clinic_.facts()).on("ServiceRequest/r1", day), nullptr);
  pull_all();
  const Outstanding outstanding(clinic_.facts());
  const auto* billed = outstanding.on("ServiceRequest/r1", day);
  ASSERT_NE(billed, nullptr);
  EXPECT_EQ(billed->number, "PA-7001");
  EXPECT_EQ(billed->units.first, 1);
  EXPECT_EQ(billed->units.further, 1000);
  EXPECT_EQ(outstanding.on("ServiceRequest/r2", day), nullptr);
  EXPECT_EQ(outstanding.on("ServiceRequest/r1", day.plus_days(1)), nullptr);
  EXPECT_EQ(outstanding.elsewhere("Procedure/s1", billed->chain), nullptr);
  const auto* bill = outstanding.elsewhere("Procedure/s1", "claim|other");
  ASSERT_NE(bill, nullptr);
  EXPECT_EQ(bill->claim, billed->claim);
  EXPECT_EQ(bill->chain, billed->chain);
  EXPECT_EQ(outstanding.elsewhere("Procedure/s2", "claim|other"), nullptr);
}

TEST_F(OutstandingTest, AMovedSessionIsBilledAnewOnlyOnceTheVoidIsOut) {
  open({});
  clinic_.post(held("s1", "2026-04-13"));
  pull_all();
  clinic_.post(held("s1", "2026-04-14"));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001",
                          "draft 97545x1 97546x1 302.00 PA-7001",
                          "draft 97545x1 97546x1 302.00 PA-7001"));
  EXPECT_THAT(clinic_.open_tasks(),
              Contains(::testing::HasSubstr("ledger/awaits-void")));
  number_all();
  pull_all();
  // The first is cancelled, its void is out, and the new date is billed.
  EXPECT_THAT(clinic_.claims(),
              ElementsAre(StartsWith("cancelled "), StartsWith("active "),
                          StartsWith("active ")));
  EXPECT_EQ(balance("visits").used, 1000);
}

TEST_F(OutstandingTest, ABilledVisitIsNotGivenAwayBeforeItsVoidIsOut) {
  open({.visits = "1"});
  clinic_.post(held("s2", "2026-04-15"));
  pull_all();
  clinic_.post(held("s1", "2026-04-14"));
  clinic_.post(held("s2", "2026-04-15", "11:00", "entered-in-error"));
  EXPECT_THAT(clinic_.open_tasks(),
              Contains(::testing::HasSubstr("ledger/exhausted")));
  EXPECT_EQ(balance("visits").used, 1000);
  number_all();
  EXPECT_EQ(balance("visits").used, 1000);
  // Reinstated before the void went out: the first bill stands alone.
  clinic_.post(held("s2", "2026-04-15"));
  int active = 0;
  for (const auto& claim : clinic_.claims()) {
    active += claim.starts_with("active ") ? 1 : 0;
  }
  EXPECT_EQ(active, 1);
  clinic_.post(held("s2", "2026-04-15", "11:00", "entered-in-error"));
  pull_all();
  EXPECT_EQ(balance("visits").used, 1000);
  EXPECT_THAT(clinic_.open_tasks(),
              Not(Contains(::testing::HasSubstr("ledger/exhausted"))));
}

TEST_F(OutstandingTest, AnAmendmentTakesOnlyWhatOtherBillsLeave) {
  open({.visits = "6", .unit = "HS"});
  clinic_.post(held("s1", "2026-04-13"));
  clinic_.post(held("s2", "2026-04-14"));
  pull_all();
  number_all();
  clinic_.post(held("s1", "2026-04-13", "13:00"));
  // Three hours are left of nothing: the replacement waits, six are used.
  EXPECT_EQ(balance("hours").used, 6000);
  EXPECT_EQ(balance("hours").remaining, 0);
  EXPECT_THAT(clinic_.claims(), Contains(StartsWith("draft 97545x1 97546x3")));
  EXPECT_THAT(clinic_.open_tasks(),
              Contains(::testing::HasSubstr("ledger/billed-authorization")));
  // Shorter, it fits; what is in the payer's hands counts until then.
  clinic_.post(held("s1", "2026-04-13", "10:00"));
  EXPECT_EQ(balance("hours").used, 6000);
  pull_all();
  EXPECT_EQ(balance("hours").used, 5000);
}

// An answer that was taken back gives no number.
TEST_F(OutstandingTest, AWithdrawnAnswerReleasesNoReplacement) {
  open({});
  clinic_.post(held("s1", "2026-04-13"));
  pull_all();
  clinic_.post(held("s1", "2026-04-13", "12:00"));
  const auto& claims = clinic_.all("Claim");
  const auto id = std::string(claims.front()->root().get("id").text());
  const auto answer = [&](const std::string& status) {
    clinic_.post(
        "{'resourceType':'ClaimResponse','id':'n1','identifier':[{'system':"
        "'urn:payer','value':'ICN-1'}],'status':'" +
        status +
        "','use':'claim','patient':{'reference':'Patient/p1'},'created':"
        "'2026-05-01','insurer':{'reference':'Organization/payer'},'outcome':"
        "'complete','request':{'reference':'Claim/" +
        id + "'}}");
  };
  answer("entered-in-error");
  EXPECT_THAT(clinic_.claims(), Contains(StartsWith("draft 97545x1 97546x2")));
  answer("active");
  EXPECT_THAT(clinic_.claims(), Contains(StartsWith("active 97545x1 97546x2")));
  answer("cancelled");
  EXPECT_THAT(clinic_.claims(), Contains(StartsWith("draft 97545x1 97546x2")));
}

// Another session takes the date by as much: the bill there is right again,
// so no void will ever come.
TEST_F(OutstandingTest, AMovedSessionIsFreeOnceAnotherFillsItsDate) {
  open({});
  clinic_.post(held("s1", "2026-04-13"));
  pull_all();
  number_all();
  clinic_.post(held("s1", "2026-04-14"));
  EXPECT_THAT(clinic_.open_tasks(),
              Contains(::testing::HasSubstr("ledger/awaits-void")));
  clinic_.post(held("s2", "2026-04-13"));
  EXPECT_THAT(clinic_.open_tasks(),
              Not(Contains(::testing::HasSubstr("ledger/awaits-void"))));
  int active = 0;
  for (const auto& claim : clinic_.claims()) {
    active += claim.starts_with("active ") ? 1 : 0;
  }
  EXPECT_EQ(active, 2);
  EXPECT_EQ(balance("visits").used, 2000);
  // By less, the bill is to be replaced first.
  clinic_.post(held("s2", "2026-04-13", "10:00"));
  EXPECT_THAT(clinic_.open_tasks(),
              Contains(::testing::HasSubstr("ledger/awaits-void")));
  pull_all();
  EXPECT_THAT(clinic_.open_tasks(),
              Not(Contains(::testing::HasSubstr("ledger/awaits-void"))));
}

TEST_F(OutstandingTest, TwoSwappedSessionsDoNotWaitForEachOther) {
  open({});
  clinic_.post(held("s1", "2026-04-13"));
  clinic_.post(held("s2", "2026-04-14", "12:00"));
  pull_all();
  number_all();
  clinic_.post(held("s1", "2026-04-14"));
  clinic_.post(held("s2", "2026-04-13", "12:00"));
  pull_all();
  for (const auto& claim : clinic_.claims()) {
    EXPECT_THAT(claim, Not(StartsWith("draft ")));
  }
}

}  // namespace
}  // namespace gateway::billing
