#include "fhirpath/quantity.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

Quantity quantity(std::string_view text) { return *parse_quantity(text); }

TEST(Quantity, ReadsUnitsAndCalendarWords) {
  EXPECT_EQ(text_of(quantity("4 days")), "4 days");
  EXPECT_EQ(text_of(quantity(" 1.50  'mg' ")), "1.50 'mg'");
  EXPECT_EQ(text_of(quantity("3")), "3 '1'");
  for (const auto* text : {"1 wk", "mg", "1.a", "1 'm''", "--1"}) {
    EXPECT_FALSE(parse_quantity(text)) << text;
  }
}

TEST(Quantity, EqualsAcrossUnits) {
  EXPECT_EQ(equal(quantity("4.0000 'g'"), quantity("4000.0 'mg'")), Truth::yes);
  EXPECT_EQ(equal(quantity("7 days"), quantity("1 'wk'")), Truth::yes);
  EXPECT_EQ(equal(quantity("1 month"), quantity("1 'mo'")), Truth::unknown);
  EXPECT_EQ(equal(quantity("1 'kg'"), quantity("1 'm'")), Truth::unknown);
  EXPECT_EQ(equal(quantity("1 'x'"), quantity("1 'x'")), Truth::yes);
  EXPECT_EQ(equivalent(quantity("4 'g'"), quantity("4040 'mg'")), Truth::yes);
  EXPECT_EQ(equivalent(quantity("4.0 'g'"), quantity("4600 'mg'")), Truth::no);
}

TEST(Quantity, NamesDerivedUnits) {
  EXPECT_EQ(product_unit("m", "m"), "m2");
  EXPECT_EQ(product_unit("g", "m"), "g.m");
  EXPECT_EQ(quotient_unit("g", "m"), "g/m");
  EXPECT_EQ(quotient_unit("g", "m/s"), "g/(m/s)");
  EXPECT_EQ(quotient_unit("1", "s"), "/s");
}

}  // namespace
}  // namespace gateway::fhirpath
