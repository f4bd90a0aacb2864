// What is emitted over time: amendments before and after the claim was pulled,
// resends, withdrawals, and the ledger.

#include "billing/reconcile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Attended until(const std::string& hour,
               const std::string& status = "completed") {
  return {.id = "s1",
          .start = "2026-04-13T08:00:00-05:00",
          .end = "2026-04-13T" + hour + ":00-05:00",
          .status = status};
}

std::string answer_json(const std::string& claim, const std::string& number) {
  return "{'resourceType':'ClaimResponse','id':'n" + number +
         "','status':'active','use':'claim','patient':{'reference':"
         "'Patient/p1'},'identifier':[{'value':'" +
         number + "'}],'request':{'reference':'" + claim +
         "'},'outcome':'complete'}";
}

class ReconcileTest : public ::testing::Test {
 protected:
  ReconcileTest() {
    clinic_.store_parties();
    clinic_.post(order_json({}));
    clinic_.post(grant_json({}));
    clinic_.post(session_json(until("11:00")));
  }

  std::string claim(std::size_t index) const {
    return "Claim/" +
           std::string(clinic_.all("Claim").at(index)->root().get("id").text());
  }
  std::string frequency(std::size_t index) const {
    const auto claims = clinic_.all("Claim");
    return std::string(claims.at(index)
                           ->root()
                           .get("extension")
                           .first()
                           .get("valueCode")
                           .text());
  }

  Clinic clinic_;
};

TEST_F(ReconcileTest, AResendChangesNothing) {
  EXPECT_TRUE(clinic_.post(session_json(until("11:00"))).resources.empty());
  EXPECT_TRUE(clinic_.run().empty());
}

TEST_F(ReconcileTest, BeforeThePullAnAmendmentUpdatesInPlace) {
  const auto changes = clinic_.post(session_json(until("12:00")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x2 394.00 PA-7001"));
  ASSERT_EQ(changes.feed.size(), 1U);
  EXPECT_EQ(changes.feed[0].topic, "claim-available");
  EXPECT_EQ(changes.feed[0].version, 2U);
}

TEST_F(ReconcileTest, BeforeThePullAWithdrawalCancels) {
  clinic_.post(session_json(until("11:00", "entered-in-error")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("cancelled 97545x1 97546x1 302.00 PA-7001"));
  EXPECT_EQ(clinic_.all("Encounter")[0]->root().get("status").text(),
            "entered-in-error");
  EXPECT_EQ(clinic_.plan().balances[0].expired, 12000);
}

TEST_F(ReconcileTest, AfterThePullAReplacementWaitsForThePayersNumber) {
  clinic_.pull(claim(0));
  clinic_.post(session_json(until("12:00")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001",
                          "draft 97545x1 97546x2 394.00 PA-7001"));
  EXPECT_EQ(frequency(1), "7");
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre(claim(1) + " review-claim: billing/awaiting-payer-number"));
  // A further amendment updates the one that waits.
  clinic_.post(session_json(until("13:00")));
  EXPECT_EQ(clinic_.claims().size(), 2U);
  clinic_.post(answer_json(claim(0), "ICN-1"));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("cancelled 97545x1 97546x1 302.00 PA-7001",
                          "active 97545x1 97546x3 486.00 PA-7001"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  const auto second = clinic_.all("Claim")[1];
  const auto prior = second->root().get("related").at(1);
  EXPECT_EQ(prior.find("claim.reference").text(), claim(0));
  EXPECT_EQ(prior.find("reference.value").text(), "ICN-1");
}

TEST_F(ReconcileTest, AnAmendmentThatIsTakenBackLeavesThePulledClaim) {
  clinic_.pull(claim(0));
  clinic_.post(session_json(until("12:00")));
  clinic_.post(session_json(until("11:00")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001",
                          "cancelled 97545x1 97546x2 394.00 PA-7001"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

TEST_F(ReconcileTest, AnAmendmentWithoutFinancialEffectMakesNoClaim) {
  clinic_.pull(claim(0));
  clinic_.post(session_json(until("11:10")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
}

TEST_F(ReconcileTest, AfterThePullAWithdrawalIsAVoid) {
  clinic_.pull(claim(0));
  clinic_.post(session_json(until("11:00", "entered-in-error")));
  EXPECT_EQ(frequency(1), "8");
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001",
                          "draft 97545x1 97546x1 302.00 PA-7001"));
  clinic_.post(answer_json(claim(0), "ICN-1"));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("cancelled 97545x1 97546x1 302.00 PA-7001",
                          "active 97545x1 97546x1 302.00 PA-7001"));
}

TEST_F(ReconcileTest, AReplacementThatNobodyPulledGivesWayToTheVoid) {
  clinic_.pull(claim(0));
  clinic_.post(answer_json(claim(0), "ICN-1"));
  clinic_.post(session_json(until("12:00")));
  clinic_.post(session_json(until("12:00", "entered-in-error")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("cancelled 97545x1 97546x1 302.00 PA-7001",
                          "cancelled 97545x1 97546x2 394.00 PA-7001",
                          "active 97545x1 97546x1 302.00 PA-7001"));
  const auto voids = clinic_.all("Claim")[2];
  EXPECT_EQ(voids->root().get("related").at(1).find("claim.reference").text(),
            claim(0));
}

TEST_F(ReconcileTest, AReplacementOfAPulledReplacementNamesTheLastOne) {
  clinic_.pull(claim(0));
  clinic_.post(answer_json(claim(0), "ICN-1"));
  clinic_.post(session_json(until("12:00")));
  clinic_.pull(claim(1));
  clinic_.post(session_json(until("13:00")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("cancelled 97545x1 97546x1 302.00 PA-7001",
                          "active 97545x1 97546x2 394.00 PA-7001",
                          "draft 97545x1 97546x3 486.00 PA-7001"));
  clinic_.post(answer_json(claim(1), "ICN-2"));
  EXPECT_EQ(clinic_.claims()[1], "cancelled 97545x1 97546x2 394.00 PA-7001");
}

TEST_F(ReconcileTest, WhatWasPulledKeepsItsAuthorization) {
  clinic_.pull(claim(0));
  clinic_.post(grant_json(
      {.id = "a0", .number = "PA-1", .to = "2026-04-20", .visits = "3"}));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
  clinic_.post(session_json({.id = "s2",
                             .start = "2026-04-14T08:00:00-05:00",
                             .end = "2026-04-14T10:00:00-05:00"}));
  EXPECT_EQ(clinic_.claims()[1], "active 97545x1 210.00 PA-1");
}

// What a pulled claim used stays used, and a person hears of it.
TEST_F(ReconcileTest, WhatWasPulledIsNotMovedWhenItsAuthorizationGoes) {
  clinic_.pull(claim(0));
  clinic_.post(grant_json(
      {.id = "a0", .number = "PA-1", .to = "2026-04-20", .visits = "3"}));
  const auto changed = [](const std::string& from, const std::string& to) {
    auto grant = grant_json({});
    return grant.replace(grant.find(from), from.size(), to);
  };
  const std::string kept = "active 97545x1 97546x1 302.00 PA-7001";
  const auto task = claim(0) + " review-claim: ledger/billed-authorization";
  struct Row {
    std::string grant;
    std::int64_t granted, used, gone, remaining;
  };
  const auto cancelled = changed("'status':'active'", "'status':'cancelled'");
  const auto denied = changed("'outcome':'complete'", "'outcome':'error'");
  const auto uncounted = changed(",'addItem':[", ",'x':[");
  for (const auto& row :
       {Row{cancelled, 12000, 1000, 11000, 0},
        Row{grant_json({.visits = "0"}), 0, 1000, 0, -1000},
        Row{denied, 12000, 1000, 11000, 0}, Row{uncounted, 0, 1000, 0, -1000},
        Row{grant_json({.from = "2026-05-01"}), 12000, 1000, 11000, 0}}) {
    clinic_.post(row.grant);
    EXPECT_THAT(clinic_.claims(), ElementsAre(kept));
    EXPECT_THAT(clinic_.open_tasks(), ::testing::Contains(task)) << row.grant;
    const auto plan = clinic_.plan();
    ASSERT_EQ(plan.balances.size(), 2U) << row.grant;
    EXPECT_EQ(plan.balances[0].used, 0) << "of the other one";
    const auto& balance = plan.balances[1];
    EXPECT_EQ(balance.number, "PA-7001");
    EXPECT_EQ(balance.granted, row.granted) << row.grant;
    EXPECT_EQ(balance.used, row.used) << row.grant;
    EXPECT_EQ(balance.released + balance.expired, row.gone) << row.grant;
    EXPECT_EQ(balance.remaining, row.remaining) << row.grant;
    EXPECT_TRUE(balance.even());
  }
  clinic_.post(grant_json({}));
  EXPECT_THAT(clinic_.claims(), ElementsAre(kept));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  // All the while nothing that was used was entered anew.
  for (const auto& entry : clinic_.ledger_) {
    if (entry.account != "used") continue;
    EXPECT_EQ(entry.amount, "1") << entry.reason;
  }
}

// Where nobody has that number any more, the use can only be somebody else's:
// that is said.
TEST_F(ReconcileTest, WhatWasPulledSaysThatItsAuthorizationIsUnknown) {
  clinic_.pull(claim(0));
  clinic_.post(grant_json({.number = "PA-9"}));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre(claim(0) + " review-claim: ledger/billed-authorization"));
}

// What replaces a pulled claim waits for an authorization too.
TEST_F(ReconcileTest, AReplacementUnderAWithdrawnAuthorizationIsHeld) {
  clinic_.pull(claim(0));
  clinic_.post(answer_json(claim(0), "ICN-1"));
  auto cancelled = grant_json({});
  cancelled.replace(cancelled.find("'status':'active'"), 17,
                    "'status':'cancelled'");
  clinic_.post(cancelled);
  clinic_.post(session_json(until("12:00")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001",
                          "draft 97545x1 97546x2 394.00 PA-7001"));
  clinic_.post(grant_json({}));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("cancelled 97545x1 97546x1 302.00 PA-7001",
                          "active 97545x1 97546x2 394.00 PA-7001"));
}

// A payer that wants no authorization any more gives none of it back.
TEST_F(ReconcileTest, WhatWasPulledStaysUsedWhereNoneIsWantedAnyMore) {
  clinic_.pull(claim(0));
  clinic_.post(
      "{'resourceType':'CoverageEligibilityResponse','id':'el','status':"
      "'active','purpose':['auth-requirements'],'patient':{'reference':"
      "'Patient/p1'},'created':'2026-03-01','outcome':'complete','insurer':{"
      "'reference':'Organization/payer'},'insurance':[{'coverage':{"
      "'reference':'Coverage/c1'},'item':[{'authorizationRequired':false}]}]}");
  EXPECT_EQ(clinic_.plan().balances[0].used, 1000);
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

TEST_F(ReconcileTest, TheLedgerIsAppendedNeverRewritten) {
  clinic_.post(session_json(until("11:00", "entered-in-error")));
  std::map<std::string, std::int64_t> sums;
  for (const auto& entry : clinic_.ledger_) {
    sums[entry.account] += *Decimal::parse(entry.amount)->truncated();
  }
  EXPECT_EQ(sums["granted"], -12);
  EXPECT_EQ(sums["used"], 0);
  std::vector<std::string> used;
  for (const auto& entry : clinic_.ledger_) {
    if (entry.account == "used")
      used.push_back(entry.amount + " " + entry.reason);
  }
  EXPECT_THAT(used, ElementsAre("1 attended", "-1 reversed"));
}

TEST_F(ReconcileTest, ARevokedReferralHoldsItsSessions) {
  clinic_.post(order_json({.status = "revoked"}));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/s1 review-session: referral/not-active"));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("draft 97545x1 97546x1 302.00 PA-7001"));
}

TEST_F(ReconcileTest, AReferralThatReplacesTakesOverItsSessions) {
  clinic_.post(order_json({.requester = "Practitioner/therapist"}));
  EXPECT_EQ(clinic_.open_tasks().size(), 2U);
  clinic_.post(order_json(
      {.id = "r2", .more = ",'replaces':[{'reference':'ServiceRequest/r1'}]"}));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

}  // namespace
}  // namespace gateway::billing
