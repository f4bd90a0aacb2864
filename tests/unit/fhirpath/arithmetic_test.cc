#include <gtest/gtest.h>

#include "fhirpath/operators.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Arithmetic, IsExact) {
  constexpr ExpressionCase kCases[] = {
      {"1 + 2 * 3", "Integer 7"},         {"1.8 - 1.2", "Decimal 0.6"},
      {"1.2 * 1.8", "Decimal 2.16"},      {"4 / 2", "Decimal 2"},
      {"1 / 3 * 3 = 1", "Boolean false"}, {"2.2 div 1.8", "Integer 1"},
      {"2.2 mod 1.8", "Decimal 0.4"},     {"-7 div 2", "Integer -3"},
      {"-7 mod 2", "Integer -1"},         {"'a' + 'b'", "String ab"},
      {"{} & 'b'", "String b"},
  };
  expect_found(kCases);
}

TEST(Arithmetic, IsEmptyWhereNoNumberIsTheAnswer) {
  constexpr ExpressionCase kCases[] = {
      {"1 / 0", ""},
      {"1 div 0", ""},
      {"1 mod 0", ""},
      {"2147483647 + 1", ""},
      {"-2147483647 - 2", ""},
      {"65536 * 32768", ""},
      {"21474836480.0 div 10", ""},
      {"9999999999999999999999999999999999999.0 * 100", ""},
      {"{} + 1", ""},
  };
  expect_found(kCases);
}

TEST(Arithmetic, RefusesWhatHasNoSum) {
  constexpr ExpressionCase kCases[] = {
      {"'a' - 'b'", "semantic error"},
      {"@2020-01-01 + 7", "semantic error"},
      {"1 'g' + 1 'm'", "execution error"},
      {"1 & 'a'", "execution error"},
      {"(1 | 2) + 1", "execution error"},
  };
  expect_found(kCases);
}

TEST(Arithmetic, MovesDates) {
  constexpr ExpressionCase kCases[] = {
      {"@2020-01-31 + 1 month", "Date 2020-02-29"},
      {"@2020-02-29 + 1 year", "Date 2021-02-28"},
      {"@1973-12-25 + 1 'wk'", "Date 1974-01-01"},
      {"@1973-12-25 + 1 'mo'", "execution error"},
      {"@1974-12-25 - 1 'cm'", "execution error"},
      {"@T23:00 + 2 hours", "Time 01:00"},
      {"@T23:00 + 1 month", "execution error"},
      {"@9999-12-31 + 1 day", ""},
  };
  expect_found(kCases);
}

TEST(Arithmetic, CombinesUnits) {
  constexpr ExpressionCase kCases[] = {
      {"2.0 'cm' * 2.0 'm' = 0.040 'm2'", "Boolean true"},
      {"4.0 'g' / 2.0 'm' = 2 'g/m'", "Boolean true"},
      {"1.0 'm' / 1.0 'm' = 1 '1'", "Boolean true"},
      // In the finer unit of the two (FHIRPath 2.0, 6.6.3 and 6.6.4).
      {"1 'kg' + 1 'g'", "Quantity 1001 'g'"},
      {"1 'kg' - 1 'g'", "Quantity 999 'g'"},
      {"1 'cm' - 1 'm'", "Quantity -99 'cm'"},
      {"1 day + 1 hour", "Quantity 25 hour"},
      {"1 year + 1 month", "Quantity 13 month"},
  };
  expect_found(kCases);
}

}  // namespace
}  // namespace gateway::fhirpath
