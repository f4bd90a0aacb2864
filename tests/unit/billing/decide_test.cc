// Decisions as the scenarios of the domain tell them.

#include "billing/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void clean_week(Clinic& clinic) {
  clinic.post(session_json(
      {"s1", "2026-04-06T08:00:00-05:00", "2026-04-06T10:00:00-05:00"}));
  clinic.post(session_json(
      {"s2", "2026-04-07T08:00:00-05:00", "2026-04-07T10:29:00-05:00"}));
  clinic.post(session_json(
      {"s3", "2026-04-08T08:00:00-05:00", "2026-04-08T10:30:00-05:00"}));
  clinic.post(session_json(
      {"s4", "2026-04-09T08:00:00-05:00", "2026-04-09T10:31:00-05:00"}));
  clinic.post(session_json(
      {"s5", "2026-04-10T08:00:00-05:00", "2026-04-10T13:00:00-05:00"}));
}

TEST(DecideTest, ACleanWeekBillsToTheCent) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  clean_week(clinic);
  EXPECT_THAT(clinic.open_tasks(), IsEmpty());
  EXPECT_THAT(clinic.claims(),
              ElementsAre("active 97545x1 210.00 PA-7001",
                          "active 97545x1 210.00 PA-7001",
                          "active 97545x1 210.00 PA-7001",
                          "active 97545x1 97546x1 302.00 PA-7001",
                          "active 97545x1 97546x3 486.00 PA-7001"));
}

}  // namespace
}  // namespace gateway::billing
