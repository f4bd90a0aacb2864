#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Boundaries, OfNumbers) {
  constexpr ExpressionCase kCases[] = {
      {"1.587.lowBoundary()", "Decimal 1.58650000"},
      {"1.587.lowBoundary(2)", "Decimal 1.58"},
      {"1.587.lowBoundary(0)", "Decimal 1"},
      {"(-1.587).lowBoundary(0)", "Decimal -2"},
      {"(-0.0034).lowBoundary(1)", "Decimal -0.0"},
      {"0.0034.highBoundary(1)", "Decimal 0.0"},
      {"1.587.highBoundary(2)", "Decimal 1.59"},
      {"1.highBoundary(5)", "Decimal 1.50000"},
      {"1.587.lowBoundary(-1)", ""},
      {"1.587.lowBoundary(39)", ""},
      {"1.587 'm'.highBoundary(8)", "Quantity 1.58750000 'm'"},
  };
  expect_found(kCases);
}

TEST(Boundaries, OfTimes) {
  constexpr ExpressionCase kCases[] = {
      {"@2014.highBoundary(6)", "Date 2014-12"},
      {"@2014-02.highBoundary()", "Date 2014-02-28"},
      {"@2014-01-01T08:05.highBoundary(17)",
       "DateTime 2014-01-01T08:05:59.999-12:00"},
      {"@2014-01-01T08.lowBoundary(17)",
       "DateTime 2014-01-01T08:00:00.000+14:00"},
      {"@T10:30.highBoundary(9)", "Time 10:30:59.999"},
      {"@T10.highBoundary()", "Time 10:59:59.999"},
      {"'a'.lowBoundary()", "execution error"},
  };
  expect_found(kCases);
}

TEST(Boundaries, Precision) {
  constexpr ExpressionCase kCases[] = {
      {"1.58700.precision()", "Integer 5"},
      {"@2014.precision()", "Integer 4"},
      {"@2014-01-05T10:30:00.000.precision()", "Integer 17"},
      {"@T10:30.precision()", "Integer 4"},
      {"1 'cm'.comparable(1 '[in_i]')", "Boolean true"},
      {"1 'cm'.comparable(1 's')", "Boolean false"},
      {"1 'cm'.comparable(1)", "Boolean false"},
      {"1.comparable(2.5)", "Boolean true"},
  };
  expect_found(kCases);
}

}  // namespace
}  // namespace gateway::fhirpath
