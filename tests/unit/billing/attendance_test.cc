#include "billing/attendance.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

class AttendanceTest : public ::testing::Test {
 protected:
  std::unique_ptr<Visit> visit(int day) {
    auto visit = std::make_unique<Visit>();
    visit->date = LocalDate::from(2026, 4, 1)->plus_days(day - 1);
    visit->key = "encounter|r|" + visit->date.text();
    visit->referral = &order_;
    visit->policy = &policy_;
    visit->span.start = Instant(visit->date.days().time_since_epoch());
    return visit;
  }
  Visit& add(int day) {
    auto one = visit(day);
    const auto place = plan_.visits.place_of(*one, before);
    return plan_.visits.insert(place, std::move(one));
  }
  static std::string text(const Visit& visit) {
    const auto& at = visit.standing;
    return std::to_string(at.ordinal) + " day " + std::to_string(at.day) +
           " week " + std::to_string(at.week_ordinal) + "/" +
           std::to_string(at.week_attended);
  }

  episode::Referral order_;
  program::Policy policy_;
  Plan plan_;
  Attendance attendance_;
  LocalDate today_ = *LocalDate::from(2026, 4, 14);  // a Tuesday
};

TEST_F(AttendanceTest, CountsWithinWeekAndEpisode) {
  auto& monday = add(6);
  auto& friday = add(10);
  auto& next = add(13);
  attendance_.read_all(plan_, today_);
  EXPECT_EQ(text(monday), "1 day 1 week 1/0");
  EXPECT_EQ(text(friday), "2 day 5 week 2/2");  // its week is over
  EXPECT_EQ(text(next), "3 day 8 week 1/0");
  EXPECT_TRUE(attendance_.on(&order_, friday.date));
  EXPECT_FALSE(attendance_.on(&order_, friday.date.plus_days(1)));
}

TEST_F(AttendanceTest, TheEndOfAWeekReachesItsLastVisit) {
  auto& friday = add(10);
  auto& monday = add(13);
  auto& wednesday = add(15);
  attendance_.read_all(plan_, today_);
  for (auto& one : plan_.visits) one.stale = false;
  const auto sunday = *LocalDate::from(2026, 4, 19);
  EXPECT_TRUE(attendance_.pass_days(today_, sunday).empty());
  const auto over = attendance_.pass_days(sunday, sunday.plus_days(1));
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over.front(), &wednesday);
  EXPECT_EQ(text(wednesday), "3 day 6 week 2/2");
  EXPECT_TRUE(wednesday.stale);
  EXPECT_FALSE(friday.stale);
  EXPECT_FALSE(monday.stale);
}

TEST_F(AttendanceTest, ADateBetweenMovesThoseBehindIt) {
  auto& monday = add(6);
  auto& friday = add(10);
  auto& next = add(13);
  attendance_.read_all(plan_, today_);
  for (auto& one : plan_.visits) one.stale = false;
  auto& saturday = add(11);
  const auto changed = attendance_.follow({}, {&saturday}, today_);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->size(), 3U);
  EXPECT_FALSE(monday.stale);
  EXPECT_EQ(text(friday), "2 day 5 week 2/0");  // no longer the last
  EXPECT_EQ(text(saturday), "3 day 6 week 3/3");
  EXPECT_EQ(text(next), "4 day 8 week 1/0");
}

TEST_F(AttendanceTest, AnotherFirstDateReachesEverything) {
  add(6);
  attendance_.read_all(plan_, today_);
  auto& earlier = add(3);
  EXPECT_FALSE(attendance_.follow({}, {&earlier}, today_));
}

}  // namespace
}  // namespace gateway::billing
