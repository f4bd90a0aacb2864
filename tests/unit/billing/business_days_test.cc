#include "billing/business_days.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

LocalDate day(const char* text) { return *LocalDate::parse(text); }

TEST(BusinessDaysTest, SkipWeekends) {
  // 2026-04-10 is a Friday.
  EXPECT_EQ(business_days(day("2026-04-10"), day("2026-04-10")), 0);
  EXPECT_EQ(business_days(day("2026-04-10"), day("2026-04-12")), 0);
  EXPECT_EQ(business_days(day("2026-04-10"), day("2026-04-13")), 1);
  EXPECT_EQ(business_days(day("2026-04-06"), day("2026-04-20")), 10);
  EXPECT_EQ(business_days(day("2026-04-20"), day("2026-04-06")), 0);
}

TEST(BusinessDaysTest, CountOnward) {
  EXPECT_EQ(plus_business_days(day("2026-04-10"), 0), day("2026-04-10"));
  EXPECT_EQ(plus_business_days(day("2026-04-10"), 1), day("2026-04-13"));
  EXPECT_EQ(plus_business_days(day("2026-04-11"), 1), day("2026-04-13"));
  EXPECT_EQ(plus_business_days(day("2026-04-06"), 10), day("2026-04-20"));
  for (int count = 0; count < 20; ++count) {
    const auto from = day("2026-04-06");
    EXPECT_EQ(business_days(from, plus_business_days(from, count)), count);
  }
}

}  // namespace
}  // namespace gateway::billing
