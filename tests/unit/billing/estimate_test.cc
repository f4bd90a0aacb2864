#include "billing/estimate.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(EstimateTest, CountsWhatIsGrantedElseWhatIsOrdered) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  const auto ordered =
      estimate_of(clinic.plan().referrals.at(0), clinic.programs_);
  ASSERT_TRUE(ordered.has_value());
  EXPECT_EQ(ordered->visits, 20);  // five a week for four weeks
  EXPECT_EQ(ordered->counted_by, "ordered");
  // Three hours: 210 + 92; five: 210 + 3 x 92.
  EXPECT_EQ(ordered->day_least.text(), "302.00");
  EXPECT_EQ(ordered->day_most.text(), "486.00");
  EXPECT_EQ(ordered->least.text(), "6040.00");
  EXPECT_EQ(ordered->most.text(), "9720.00");
  clinic.store(grant_json({}));
  const auto granted =
      estimate_of(clinic.plan().referrals.at(0), clinic.programs_);
  ASSERT_TRUE(granted.has_value());
  EXPECT_EQ(granted->visits, 12);
  EXPECT_EQ(granted->counted_by, "authorized");
  EXPECT_EQ(granted->least.text(), "3624.00");
}

// Thirty hours are ten days of three, or six of five.
TEST(EstimateTest, HoursMakeDays) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({.visits = "30", .unit = "HS"}));
  const auto hours =
      estimate_of(clinic.plan().referrals.at(0), clinic.programs_);
  ASSERT_TRUE(hours.has_value());
  EXPECT_EQ(hours->counted_by, "authorized");
  EXPECT_EQ(hours->visits, 10);
  EXPECT_EQ(hours->least.text(), "2916.00");
  EXPECT_EQ(hours->most.text(), "3020.00");
}

TEST(EstimateTest, WithoutFeesThereIsNone) {
  Clinic clinic{program::Site()};
  clinic.store_parties();
  clinic.store(order_json({}));
  EXPECT_FALSE(estimate_of(clinic.plan().referrals.at(0), clinic.programs_));
}

}  // namespace
}  // namespace gateway::billing
