#include "map/convert.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway::map {
namespace {

using fhir::Primitive;

struct Row {
  Primitive type;
  std::string value;
  std::string text;  // "!" malformed, "?" no offset, "" nothing
};

std::string result(const Row& row, const std::optional<Zone>& zone) {
  const auto made = converted(row.value, row.type, zone);
  switch (made.fault) {
    case ConversionFault::none:
      return made.text;
    case ConversionFault::no_value:
      return "";
    case ConversionFault::malformed:
      return "!";
    case ConversionFault::no_offset:
      return "?";
  }
  return {};
}

TEST(ConvertTest, FollowsTheTypeOfTheElement) {
  const std::vector<Row> rows{
      {Primitive::string, " a b ", "a b"},
      {Primitive::string, "  ", ""},
      {Primitive::string, std::string("a\x01"), "!"},
      {Primitive::code, "a b", "a b"},
      {Primitive::code, "a  b", "!"},
      {Primitive::uri, "urn:a", "urn:a"},
      {Primitive::uri, "urn: a", "!"},
      {Primitive::uri, "urn:oid:2.16.840.1", "urn:oid:2.16.840.1"},
      {Primitive::uri, "urn:oid:Entity ID", "!"},
      {Primitive::uri, "urn:oid:9.8", "!"},
      {Primitive::uri, "urn:oid:1.02", "!"},
      {Primitive::uri, "urn:oid:1.2.", "!"},
      {Primitive::boolean, "Y", "true"},
      {Primitive::boolean, "0", "false"},
      {Primitive::boolean, "maybe", "!"},
      {Primitive::decimal, "+01.50", "1.50"},
      {Primitive::decimal, "-0.5", "-0.5"},
      {Primitive::decimal, "1e3", "!"},
      {Primitive::decimal, "12 mg", "!"},
      {Primitive::integer, "007", "7"},
      {Primitive::integer, "1.5", "!"},
      {Primitive::integer, "99999999999", "!"},
      {Primitive::positive_int, "0", "!"},
      {Primitive::unsigned_int, "0", "0"},
      {Primitive::unsigned_int, "-1", "!"},
      {Primitive::date, "1980", "1980"},
      {Primitive::date, "198002", "1980-02"},
      {Primitive::date, "19800229", "1980-02-29"},
      {Primitive::date, "19810229", "!"},
      {Primitive::date, "198002291530", "1980-02-29"},
      {Primitive::date, "1980-02-29", "1980-02-29"},
      {Primitive::date, "soon", "!"},
      {Primitive::date_time, "20260401", "2026-04-01"},
      {Primitive::date_time, "2026040109-0500", "2026-04-01T09:00:00-05:00"},
      {Primitive::date_time, "202604010930+0000", "2026-04-01T09:30:00+00:00"},
      {Primitive::date_time, "20260401093015.125-0500",
       "2026-04-01T09:30:15.125-05:00"},
      {Primitive::date_time, "202604012530-0500", "!"},
      {Primitive::date_time, "202604010930-05", "!"},
      {Primitive::date_time, "202604010930", "?"},
      {Primitive::instant, "20260401", "!"},
      {Primitive::date_time, "2026-04-01T09:30:00Z", "2026-04-01T09:30:00Z"},
      {Primitive::time, "0930", "09:30:00"},
      {Primitive::time, "09:30:15", "09:30:15"},
      {Primitive::time, "2530", "!"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(result(row, std::nullopt), row.text) << row.value;
  }
}

TEST(ConvertTest, AZoneGivesTheOffsetOfThatDay) {
  const auto zone = *Zone::named("America/Chicago");
  EXPECT_EQ(result({Primitive::date_time, "202601150900", ""}, zone),
            "2026-01-15T09:00:00-06:00");
  EXPECT_EQ(result({Primitive::date_time, "202607150900", ""}, zone),
            "2026-07-15T09:00:00-05:00");
  EXPECT_EQ(result({Primitive::date_time, "202607150900+0000", ""}, zone),
            "2026-07-15T09:00:00+00:00");
}

TEST(ConvertTest, NumbersAndBooleansAreBare) {
  EXPECT_TRUE(is_bare(Primitive::boolean));
  EXPECT_TRUE(is_bare(Primitive::decimal));
  EXPECT_FALSE(is_bare(Primitive::code));
  EXPECT_FALSE(is_bare(Primitive::date));
}

}  // namespace
}  // namespace gateway::map
