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
