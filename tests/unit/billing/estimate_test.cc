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
  // Two hours; five: 210 + 3 x 92.
  EXPECT_EQ(ordered->day_least.text(), "210.00");
  EXPECT_EQ(ordered->day_most.text(), "486.00");
  EXPECT_EQ(ordered->least.text(), "4200.00");
  EXPECT_EQ(ordered->most.text(), "9720.00");
  clinic.store(grant_json({}));
  const auto granted =
      estimate_of(clinic.plan().referrals.at(0), clinic.programs_);
  ASSERT_TRUE(granted.has_value());
  EXPECT_EQ(granted->visits, 12);
  EXPECT_EQ(granted->counted_by, "authorized");
  EXPECT_EQ(granted->least.text(), "2520.00");
}

// No more further hours than are granted: twelve days, and three of them.
TEST(EstimateTest, FurtherHoursThatAreGrantedAreALimit) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  auto grant = grant_json({});
  grant.insert(grant.rfind(']'),
               ",{'productOrService':{'coding':[{'system':"
               "'http://www.ama-assn.org/go/cpt','code':'97546'}]},'quantity':"
               "{'value':3,'system':'https://codesystem.x12.org/005010/673',"
               "'code':'UN'},'adjudication':[{'category':{'coding':[{'system':"
               "'http://terminology.hl7.org/CodeSystem/adjudication','code':"
               "'submitted'}]}}]}");
  clinic.store(grant);
  const auto granted =
      estimate_of(clinic.plan().referrals.at(0), clinic.programs_);
  ASSERT_TRUE(granted.has_value());
  EXPECT_EQ(granted->least.text(), "2520.00");
  EXPECT_EQ(granted->most.text(), "2796.00");
}

// Thirty hours are fifteen days of two, ten of three, or six of five.
TEST(EstimateTest, HoursMakeDays) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({.visits = "30", .unit = "HS"}));
  const auto hours =
      estimate_of(clinic.plan().referrals.at(0), clinic.programs_);
  ASSERT_TRUE(hours.has_value());
  EXPECT_EQ(hours->counted_by, "authorized");
  EXPECT_EQ(hours->visits, 15);
  EXPECT_EQ(hours->least.text(), "2916.00");
  EXPECT_EQ(hours->most.text(), "3150.00");
}

TEST(EstimateTest, WithoutFeesThereIsNone) {
  Clinic clinic{program::Site()};
  clinic.store_parties();
  clinic.store(order_json({}));
  EXPECT_FALSE(estimate_of(clinic.plan().referrals.at(0), clinic.programs_));
}

}  // namespace
}  // namespace gateway::billing
