#include "billing/claim_plans.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

class ClaimPlansTest : public ::testing::Test {
 protected:
  ClaimPlansTest() {
    order_.source.key = "ServiceRequest/r";
    policy_.rules.grouping = program::Grouping::week;
    policy_.rules.timely_filing_days = 95;
    auto& view = plan_.referrals.emplace_back();
    view.order = &order_;
    view.root = "ServiceRequest/r";
  }
  std::string key_of(const Visit& visit) {
    return claim_key(visit, plan_.referrals[0]);
  }
  Visit& visit(LocalDate date, const std::string& net) {
    auto made = std::make_unique<Visit>();
    made->key = "encounter|ServiceRequest/r|" + date.text();
    made->date = date;
    made->referral = &order_;
    made->policy = &policy_;
    made->span.start = Instant(date.days().time_since_epoch());
    made->rendering = "Practitioner/a";
    made->lines.push_back({.code = "97545", .net = Decimal::parse(net)});
    made->claim_key = key_of(*made);
    const auto place = plan_.visits.place_of(*made, before);
    return plan_.visits.insert(place, std::move(made));
  }

  episode::Referral order_;
  program::Policy policy_;
  episode::Case case_;
  Plan plan_;
};

TEST_F(ClaimPlansTest, AWeekIsOneClaimWithinAYearAndARenderingProvider) {
  const auto monday = *LocalDate::from(2026, 12, 28);
  const auto first = key_of(visit(monday, "1.00"));
  auto& friday = visit(monday.plus_days(4), "1.00");
  EXPECT_NE(key_of(friday), first);  // 2027-01-01
  auto& tuesday = visit(monday.plus_days(1), "1.00");
  EXPECT_EQ(key_of(tuesday), first);
  tuesday.rendering = "Practitioner/b";
  EXPECT_NE(key_of(tuesday), first);
  policy_.rules.grouping = program::Grouping::day;
  EXPECT_EQ(key_of(tuesday), "claim|ServiceRequest/r|2026-12-29");
}

TEST_F(ClaimPlansTest, AVisitThatLeavesTakesItsMoneyAlong) {
  const auto monday = *LocalDate::from(2026, 4, 6);
  auto& one = visit(monday, "210.00");
  auto& two = visit(monday.plus_days(1), "302.00");
  plan_claims({.keys = {one.claim_key}, .left = {}, .settled = {&one, &two}},
              case_, plan_);
  ASSERT_EQ(plan_.claims.size(), 1U);
  EXPECT_EQ(plan_.claims[0].total->text(), "512.00");
  EXPECT_EQ(plan_.claims[0].file_by, monday.plus_days(95));
  EXPECT_EQ(claim_of(plan_, one.claim_key), &plan_.claims[0]);
  plan_claims({.keys = {one.claim_key}, .left = {&one}, .settled = {}}, case_,
              plan_);
  EXPECT_EQ(plan_.claims[0].total->text(), "302.00");
  two.lines[0].net.reset();  // a total is never less than its lines
  plan_claims({.keys = {two.claim_key}, .left = {}, .settled = {&two}}, case_,
              plan_);
  EXPECT_FALSE(plan_.claims[0].total);
  plan_claims({.keys = {two.claim_key}, .left = {&two}, .settled = {}}, case_,
              plan_);
  EXPECT_TRUE(plan_.claims.empty());
}

}  // namespace
}  // namespace gateway::billing
