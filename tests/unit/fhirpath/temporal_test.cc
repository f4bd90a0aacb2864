#include "fhirpath/temporal.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Temporal, KeepsItsText) {
  for (const auto* text :
       {"2015", "2015-02", "2015-02-04", "2015-02-04T14", "2015-02-04T14:34",
        "2015-02-04T14:34:28.120Z", "2015-02-04T14:34:28-05:30"}) {
    const auto parsed = parse_date_time(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(text_of(TemporalKind::date_time, *parsed), text);
  }
  for (const auto* text : {"2015-13", "2015-02-30", "2015-02-04T25:00",
                           "2015T10", "15", "2015-02-04T10:00+15:00", "0000"}) {
    EXPECT_FALSE(parse_date_time(text)) << text;
  }
}

TEST(Temporal, TakesALeapSecondFromDataAlone) {
  EXPECT_FALSE(parse_time("23:59:60"));
  EXPECT_FALSE(parse_date_time("2016-12-31T23:59:60Z"));
  EXPECT_FALSE(parse_time("23:59:61", LeapSecond::as_the_last_second));
  const auto leap =
      parse_date_time("2016-12-31T23:59:60Z", LeapSecond::as_the_last_second);
  ASSERT_TRUE(leap);
  EXPECT_EQ(text_of(TemporalKind::date_time, *leap), "2016-12-31T23:59:59Z");
}

struct OrderCase {
  const char* left;
  const char* right;
  Order order;
};

TEST(Temporal, ComparesAsFarAsItIsPrecise) {
  constexpr OrderCase kCases[] = {
      {"2012", "2013-01", Order::less},
      {"2012", "2012-01", Order::unknown},
      {"2012-04-15T15:00:00+02:00", "2012-04-15T16:00:00+03:00", Order::equal},
      {"2012-04-15T10:00:00Z", "2012-04-15T10:00:00.0Z", Order::equal},
      {"2012-04-15T15:00:00Z", "2012-04-15T10:00:00", Order::unknown},
      {"2012-04-15T15:00:00Z", "2012-04-17T10:00:00", Order::less},
      {"2012-04-15T15:00:00", "2012-04-13T10:00:00Z", Order::greater},
      // A day is another one elsewhere.
      {"2015-02-04T23:00-02:00", "2015-02-05", Order::unknown},
      {"2015-02-04T11:00Z", "2015-02-05", Order::unknown},
      {"2015-02-04T08:00Z", "2015-02-05", Order::less},
      {"2015-02-06T11:00Z", "2015-02-05", Order::unknown},
      {"2015-02-06T12:00Z", "2015-02-05", Order::greater},
      {"2015-02", "2015-03-01T11:59Z", Order::unknown},
      {"2015-02", "2015-03-01T12:00Z", Order::less},
      {"2015", "2016-01-01T12:00Z", Order::less},
      {"2015-02-04T23:00", "2015-02-05", Order::less},
  };
  for (const auto& each : kCases) {
    EXPECT_EQ(
        compare(*parse_date_time(each.left), *parse_date_time(each.right)),
        each.order)
        << each.left << " " << each.right;
  }
}

}  // namespace
}  // namespace gateway::fhirpath
