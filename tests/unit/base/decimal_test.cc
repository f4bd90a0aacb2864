#include "base/decimal.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

Decimal dec(std::string_view text) {
  const auto parsed = Decimal::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Decimal());
}

TEST(DecimalTest, KeepsItsScale) {
  for (const char* text : {"0", "1.10", "-0.05", "210.00", "0.000",
                           "99999999999999999999999999999999999999"}) {
    EXPECT_EQ(dec(text).text(), text);
  }
  EXPECT_EQ(dec("1e2").text(), "100");
  EXPECT_EQ(dec("1.5E-3").text(), "0.0015");
}

TEST(DecimalTest, RefusesOtherTexts) {
  for (const char* text : {"", "-", "1.", ".5", "+1", "1e", "1x", "0x1",
                           "100000000000000000000000000000000000000"}) {
    EXPECT_FALSE(Decimal::parse(text)) << text;
  }
}

TEST(DecimalTest, ComparesByValue) {
  EXPECT_EQ(dec("1.10"), dec("1.1"));
  EXPECT_LT(dec("-2"), dec("-1.999"));
  EXPECT_GT(dec("0.30"), dec("0.2999"));
}

TEST(DecimalTest, CountsMoney) {
  EXPECT_EQ(dec("0.75").times(dec("92.00"))->rounded(2)->text(), "69.00");
  EXPECT_EQ(dec("210.00").plus(dec("69"))->text(), "279.00");
  EXPECT_EQ(dec("210.00").minus(dec("210"))->text(), "0.00");
}

TEST(DecimalTest, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(dec("0.125").rounded(2)->text(), "0.13");
  EXPECT_EQ(dec("-0.125").rounded(2)->text(), "-0.13");
  EXPECT_EQ(dec("0.1249").rounded(2)->text(), "0.12");
  EXPECT_EQ(dec("7").rounded(2)->text(), "7.00");
}

TEST(DecimalTest, Divides) {
  EXPECT_EQ(dec("1").divided_by(dec("3"), 8)->text(), "0.33333333");
  EXPECT_EQ(dec("-2").divided_by(dec("3"), 2)->text(), "-0.67");
  EXPECT_EQ(dec("1.00").divided_by(dec("0.25"), 0)->text(), "4");
  EXPECT_FALSE(dec("1").divided_by(dec("0.0"), 2));
}

TEST(DecimalTest, NoticesOverflow) {
  const auto huge = dec("99999999999999999999999999999999999999");
  EXPECT_FALSE(huge.plus(dec("1")));
  EXPECT_FALSE(huge.times(dec("10")));
  EXPECT_FALSE(huge.rounded(1));
}

TEST(DecimalTest, KnowsIntegers) {
  EXPECT_TRUE(dec("3.000").is_integer());
  EXPECT_FALSE(dec("3.001").is_integer());
  EXPECT_EQ(dec("-3.9").truncated(), -3);
  EXPECT_EQ(dec("3.900").normalized().text(), "3.9");
}

}  // namespace
}  // namespace gateway
