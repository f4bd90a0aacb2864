#include "base/date.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(LocalDateTest, KnowsTheCalendar) {
  EXPECT_EQ(LocalDate::parse("2026-04-06")->text(), "2026-04-06");
  EXPECT_EQ(LocalDate::parse("2026-04-06")->weekday(), std::chrono::Monday);
  EXPECT_TRUE(LocalDate::parse("2028-02-29"));
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-04-31",
                           "2026-4-06", "0000-01-01", "2026-04", "20260406"}) {
    EXPECT_FALSE(LocalDate::parse(text)) << text;
  }
}

TEST(LocalDateTest, FindsTheStartOfItsWeek) {
  const auto sunday = *LocalDate::parse("2026-04-12");
  EXPECT_EQ(sunday.week_start(std::chrono::Monday).text(), "2026-04-06");
  EXPECT_EQ(sunday.week_start(std::chrono::Sunday).text(), "2026-04-12");
}

TEST(DateTimeTest, KeepsWhatWasWritten) {
  const auto time = *DateTime::parse("2026-04-06T08:00:00.25-05:00");
  EXPECT_EQ(time.precision, DatePrecision::fraction);
  EXPECT_EQ(time.microsecond, 250000U);
  EXPECT_EQ(utc_text(*time.instant()), "2026-04-06T13:00:00.25Z");
  EXPECT_EQ(DateTime::parse("2026")->precision, DatePrecision::year);
  EXPECT_FALSE(DateTime::parse("2026-04-06T08:00:00")->instant());
  EXPECT_FALSE(DateTime::parse("2026-04-06")->instant());
}

// FHIR R4's pattern: seconds are ([0-5][0-9]|60).
TEST(DateTimeTest, ALeapSecondIsTheFirstOfTheNextMinute) {
  EXPECT_EQ(utc_text(*parse_instant("2016-12-31T23:59:60Z")),
            "2017-01-01T00:00:00Z");
}

TEST(DateTimeTest, RefusesOtherTexts) {
  for (const char* text :
       {"", "26", "2026-04-06T", "2026-04-06T24:00:00Z", "2026-04-06T08Z",
        "2026-04-06T08:00:61Z", "2026-04-06T08:00:00+15:00", "2026-04T08:00Z",
        "2026-04-06T08:00:00.Z", "2026-04-06 08:00:00Z",
        "2026-04-06T08:00:00z"}) {
    EXPECT_FALSE(DateTime::parse(text)) << text;
  }
}

TEST(InstantTest, IsWrittenWithItsOffset) {
  const auto instant = *parse_instant("2026-04-06T13:00:00Z");
  EXPECT_EQ(offset_text(instant, std::chrono::minutes(-300)),
            "2026-04-06T08:00:00-05:00");
  EXPECT_EQ(offset_text(instant, std::chrono::minutes(330)),
            "2026-04-06T18:30:00+05:30");
}

}  // namespace
}  // namespace gateway
