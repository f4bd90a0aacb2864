#include "billing/episode_plans.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(EpisodePlansTest, BeginWithTheFirstDateAndEndWithTheOrder) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  for (const auto* day : {"07", "06"}) {
    clinic.store(session_json(
        {.id = std::string("s") + day,
         .start = std::string("2026-04-") + day + "T08:00:00-05:00",
         .end = std::string("2026-04-") + day + "T11:00:00-05:00"}));
  }
  auto plan = clinic.plan();
  Attendance attendance;
  auto& view = plan.referrals.at(0);
  EXPECT_EQ(episode_of(view, attendance).status, "planned");
  attendance.read_all(plan, *LocalDate::from(2026, 6, 1));
  const auto active = episode_of(view, attendance);
  EXPECT_EQ(active.key, "episode|ServiceRequest/r1");
  EXPECT_EQ(active.status, "active");
  EXPECT_EQ(active.start, LocalDate::from(2026, 4, 6));
  EXPECT_EQ(active.organization, "Organization/clinic");
  view.open = false;
  EXPECT_EQ(episode_of(view, attendance).status, "cancelled");
  EXPECT_EQ(episode_of(view, Attendance()).status, "cancelled");
  view.open = true;
  view.facts.set(program::Fact::episode_discharged, true);
  EXPECT_EQ(episode_of(view, attendance).status, "finished");
}

}  // namespace
}  // namespace gateway::billing
