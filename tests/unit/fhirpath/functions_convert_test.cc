#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Conversions, ToNumbers) {
  constexpr ExpressionCase kCases[] = {
      {"'1'.toInteger()", "Integer 1"},
      {"'1.1'.toInteger()", ""},
      {"true.toInteger()", "Integer 1"},
      {"'2147483648'.toInteger()", ""},
      {"'2147483648'.toLong()", "Integer 2147483648"},
      {"'1.10'.toDecimal()", "Decimal 1.10"},
      {"'1e3'.toDecimal()", ""},
      {"1.toDecimal()", "Decimal 1"},
  };
  expect_found(kCases);
}

TEST(Conversions, ToTruths) {
  constexpr ExpressionCase kCases[] = {
      {"'T'.toBoolean()", "Boolean true"},
      {"'no'.toBoolean()", "Boolean false"},
      {"2.toBoolean()", ""},
      {"1.0.toBoolean()", "Boolean true"},
      {"'x'.convertsToBoolean()", "Boolean false"},
  };
  expect_found(kCases);
}

TEST(Conversions, ToTimes) {
  constexpr ExpressionCase kCases[] = {
      {"'2015-02'.toDate()", "Date 2015-02"},
      {"'2015-02-30'.toDate()", ""},
      {"'2015-02-04T14'.toDateTime()", "DateTime 2015-02-04T14"},
      {"@2015-02-04T14:00Z.toDate()", "Date 2015-02-04"},
      {"'14:34'.toTime()", "Time 14:34"},
      {"'25:00'.convertsToTime()", "Boolean false"},
  };
  expect_found(kCases);
}

TEST(Conversions, ToQuantities) {
  constexpr ExpressionCase kCases[] = {
      {"'1'.toQuantity()", "Quantity 1 '1'"},
      {"'1 day'.toQuantity()", "Quantity 1 day"},
      {"'1 wk'.convertsToQuantity()", "Boolean false"},
      {"'4 \\'g\\''.toQuantity('mg')", "Quantity 4000 'mg'"},
      {"'4 \\'g\\''.toQuantity('m')", ""},
      {"1 week.toQuantity('d')", "Quantity 7 'd'"},
      {"1 day.toQuantity('h')", "Quantity 24 'h'"},
      {"7 days.toQuantity('week')", "Quantity 1 week"},
      {"1 year.toQuantity('months')", "Quantity 12 months"},
      {"1 year.toQuantity('d')", ""},
      {"1 year.toQuantity('a')", ""},
  };
  expect_found(kCases);
}

TEST(Conversions, ToTexts) {
  constexpr ExpressionCase kCases[] = {
      {"1.0.toString()", "String 1.0"},
      {"1 'wk'.toString()", "String 1 'wk'"},
      {"@2014-12-14T10:00:00Z.toString()", "String 2014-12-14T10:00:00Z"},
      {"(1|2).toString()", "execution error"},
  };
  expect_found(kCases);
}

}  // namespace
}  // namespace gateway::fhirpath
