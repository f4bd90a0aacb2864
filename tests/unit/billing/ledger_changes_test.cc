#include "billing/ledger_changes.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

Plan plan_of(std::int64_t amount) {
  Plan plan;
  Posting posting;
  posting.authorization = "ClaimResponse/a1";
  posting.unit = "visits";
  posting.from = "remaining";
  posting.to = "used";
  posting.amount = amount;
  posting.cause = "Procedure/s1/_history/2";
  posting.reason = "attended";
  plan.postings.push_back(posting);
  return plan;
}

TEST(LedgerChangesTest, PostBothSides) {
  const auto entries = ledger_changes(plan_of(1000), {});
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].account, "remaining");
  EXPECT_EQ(entries[0].amount, "-1");
  EXPECT_EQ(entries[1].account, "used");
  EXPECT_EQ(entries[1].amount, "1");
  EXPECT_EQ(entries[1].reason, "attended");
}

TEST(LedgerChangesTest, WhatIsPostedIsNotPostedAgain) {
  const auto plan = plan_of(1000);
  EXPECT_TRUE(ledger_changes(plan, ledger_changes(plan, {})).empty());
}

TEST(LedgerChangesTest, WhatIsNoLongerWantedIsReversed) {
  const auto posted = ledger_changes(plan_of(1000), {});
  const auto entries = ledger_changes(Plan(), posted);
  ASSERT_EQ(entries.size(), 2U);
  for (const auto& entry : entries) EXPECT_EQ(entry.reason, "reversed");
  EXPECT_EQ(entries[0].amount, "1");
  EXPECT_EQ(entries[1].amount, "-1");
}

}  // namespace
}  // namespace gateway::billing
