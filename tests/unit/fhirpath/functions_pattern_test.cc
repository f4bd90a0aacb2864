#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(PatternFunctions, Match) {
  constexpr ExpressionCase kCases[] = {
      {"'a\nb'.matches('a.b')", "Boolean true"},
      {"'xabcx'.matches('abc')", "Boolean true"},
      {"'xabcx'.matchesFull('abc')", "Boolean false"},
      {"'FHIR'.matches('fhir')", "Boolean false"},
      {"'a'.matches({})", ""},
      {"'a'.matches('(')", "semantic error"},
      {"'a'.matches('(?=a)')", "semantic error"},
      {"'a'.matches('(' & '')", "execution error"},
  };
  expect_found(kCases);
}

TEST(PatternFunctions, Replace) {
  constexpr ExpressionCase kCases[] = {
      {"'123456'.replaceMatches('234', 'X')", "String 1X56"},
      {"'abc'.replaceMatches('', 'x')", "String abc"},
      {"'11/30/1972'.replaceMatches('(?<m>[0-9]+)/(?<d>[0-9]+)', '${d}-$1')",
       "String 30-11/1972"},
  };
  expect_found(kCases);
}

}  // namespace
}  // namespace gateway::fhirpath
