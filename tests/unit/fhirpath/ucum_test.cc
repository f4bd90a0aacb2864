#include "fhirpath/ucum.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

struct SizeCase {
  const char* value;
  const char* unit;
  const char* other_value;
  const char* other_unit;
};

TEST(Ucum, ConvertsExactly) {
  constexpr SizeCase kCases[] = {
      {"1", "kg", "1000", "g"},
      {"1", "[lb_av]", "453.59237", "g"},
      {"1", "[in_i]", "2.54", "cm"},
      {"1", "L", "1000", "mL"},
      {"1", "mmol/L", "1", "mol/m3"},
      {"1", "h", "3600", "s"},
      {"1", "wk", "168", "h"},
      {"1", "10*3/uL", "1", "10*9/L"},
      {"100", "%", "1", "1"},
      {"1", "kg.m/s2", "1", "N"},
      {"1", "mm[Hg]", "133.3220", "Pa"},
      {"12", "[in_i]", "1", "[ft_i]"},
      {"1", "{visits}", "1", "1"},
      {"16", "[oz_av]", "1", "[lb_av]"},
      {"1", "g/(24.h)", "1", "g/d"},
      {"1", "U/L", "1", "umol/min/L"},
  };
  for (const auto& each : kCases) {
    const auto left = unit_size(each.unit);
    const auto right = unit_size(each.other_unit);
    ASSERT_TRUE(left && right) << each.unit;
    const auto order = compare_sizes(*Decimal::parse(each.value), *left,
                                     *Decimal::parse(each.other_value), *right);
    ASSERT_TRUE(order) << each.unit;
    EXPECT_TRUE(*order == 0) << each.unit << " " << each.other_unit;
  }
}

TEST(Ucum, KeepsDimensionsApart) {
  EXPECT_FALSE(unit_size("cm")->comparable(*unit_size("s")));
  EXPECT_FALSE(unit_size("Cel")->comparable(*unit_size("K")));
  EXPECT_FALSE(unit_size("[iU]")->comparable(*unit_size("mg")));
}

TEST(Ucum, RefusesWhatItDoesNotKnow) {
  for (const auto* code : {"", "[s]", "k", "m//s", "(m", "m)", "{a", "10*99999",
                           "kwk", "m2.", "0", "m99"}) {
    EXPECT_FALSE(unit_size(code)) << code;
  }
}

}  // namespace
}  // namespace gateway::fhirpath
