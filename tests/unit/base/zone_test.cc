#include "base/zone.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

const Zone kChicago = *Zone::named("America/Chicago");

Instant at(std::string_view text) { return *parse_instant(text); }

TEST(ZoneTest, TellsTheLocalDay) {
  EXPECT_EQ(kChicago.date(at("2026-04-07T04:59:59Z")).text(), "2026-04-06");
  EXPECT_EQ(kChicago.date(at("2026-04-07T05:00:00Z")).text(), "2026-04-07");
}

TEST(ZoneTest, FollowsDaylightSaving) {
  EXPECT_EQ(kChicago.offset_at(at("2026-03-08T07:59:59Z")).count(), -360);
  EXPECT_EQ(kChicago.offset_at(at("2026-03-08T08:00:00Z")).count(), -300);
  EXPECT_EQ(kChicago.text(at("2026-11-01T07:30:00Z")),
            "2026-11-01T01:30:00-06:00");
}

TEST(ZoneTest, StartsADayWhereMidnightDoesNotExist) {
  const auto havana = *Zone::named("America/Havana");  // jumps at midnight
  const auto day = *LocalDate::parse("2026-03-08");
  EXPECT_EQ(havana.date(havana.start_of(day)), day);
  EXPECT_EQ(utc_text(havana.start_of(day)), "2026-03-08T05:00:00Z");
}

TEST(ZoneTest, RefusesUnknownNames) {
  EXPECT_FALSE(Zone::named("America/Nowhere"));
  EXPECT_FALSE(Zone::named(""));
  EXPECT_EQ(Zone::utc().offset_at(at("2026-04-07T05:00:00Z")).count(), 0);
}

}  // namespace
}  // namespace gateway
