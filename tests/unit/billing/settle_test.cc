#include "billing/settle.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using program::Fact;

TEST(SettleTest, HalfOfWhatIsGrantedMakesNotesDue) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({.visits = "3"}));
  for (int day = 6; day <= 8; ++day) {
    const auto date = LocalDate::from(2026, 4, day)->text();
    clinic.store(session_json({.id = "s" + std::to_string(day),
                               .start = date + "T08:00:00-05:00",
                               .end = date + "T11:00:00-05:00"}));
  }
  const auto plan = clinic.plan();
  ASSERT_EQ(plan.visits.size(), 3U);
  EXPECT_EQ(plan.visits[0].facts.value(Fact::session_past_half), 0);
  EXPECT_EQ(plan.visits[1].facts.value(Fact::session_past_half), 1);
  EXPECT_EQ(plan.visits[1].facts.value(Fact::session_ordinal), 2000);
  EXPECT_EQ(plan.visits[2].facts.value(Fact::week_ordinal), 3000);
  EXPECT_EQ(plan.visits[2].facts.value(Fact::week_attended), 3000);
  EXPECT_EQ(plan.visits[1].facts.value(Fact::week_attended), std::nullopt);
}

TEST(SettleTest, ASessionUnderAHeldReferralIsHeldForItsReasons) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({.occurrence = ""}));
  clinic.store(grant_json({}));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-06T08:00:00-05:00",
                             .end = "2026-04-06T11:00:00-05:00"}));
  const auto plan = clinic.plan();
  ASSERT_EQ(plan.visits.size(), 1U);
  EXPECT_TRUE(plan.visits[0].held());
  EXPECT_FALSE(plan.visits[0].lines.empty());
  EXPECT_EQ(plan.visits[0].postings.at(0).to, "reserved");
}

}  // namespace
}  // namespace gateway::billing
