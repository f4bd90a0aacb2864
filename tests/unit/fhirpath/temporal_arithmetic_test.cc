#include <gtest/gtest.h>

#include "fhirpath/temporal.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

struct MoveCase {
  TemporalKind kind;
  const char* from;
  const char* amount;
  TimeUnit unit;
  const char* expected;
};

TEST(TemporalArithmetic, Moves) {
  constexpr auto kDate = TemporalKind::date;
  constexpr auto kStamp = TemporalKind::date_time;
  constexpr MoveCase kCases[] = {
      {kDate, "1973-12-25", "7.7", TimeUnit::day, "1974-01-01"},
      {kDate, "2016-01-31", "1", TimeUnit::month, "2016-02-29"},
      {kDate, "2016", "365", TimeUnit::day, "2017"},
      {kDate, "2016-03", "-60", TimeUnit::day, "2016-01"},
      {kStamp, "1973-12-25T00:00:00.000+10:00", "0.5", TimeUnit::second,
       "1973-12-25T00:00:00.500+10:00"},
      {kStamp, "1973-12-25T23:59:59Z", "1", TimeUnit::second,
       "1973-12-26T00:00:00Z"},
      {kStamp, "1973-12-25T23", "90", TimeUnit::minute, "1973-12-26T00"},
      {TemporalKind::time, "01:00", "-2", TimeUnit::hour, "23:00"},
  };
  for (const auto& each : kCases) {
    const auto result = moved(each.kind, *parse_temporal(each.kind, each.from),
                              *Decimal::parse(each.amount), each.unit);
    ASSERT_TRUE(result) << each.from;
    EXPECT_EQ(text_of(each.kind, *result), each.expected);
  }
}

TEST(TemporalArithmetic, StaysWithinTheYears) {
  EXPECT_FALSE(
      moved(TemporalKind::date, *parse_date("9999-12-31"), 1, TimeUnit::day));
  EXPECT_FALSE(moved(TemporalKind::date, *parse_date("0001-01-01"), -1,
                     TimeUnit::month));
  EXPECT_FALSE(moved(TemporalKind::date, *parse_date("2000"),
                     *Decimal::parse("99999999999999999999"), TimeUnit::year));
}

}  // namespace
}  // namespace gateway::fhirpath
