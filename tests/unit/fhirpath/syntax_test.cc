#include "fhirpath/syntax.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Syntax, FollowsPrecedence) {
  constexpr ExpressionCase kCases[] = {
      {"1 + 2 * 3", "Integer 7"},
      {"(1 | 1 is Integer).count()", "Integer 2"},
      {"-1 + 2", "Integer 1"},
      {"1 > 2 is Boolean", "semantic error"},
      {"true or false and false", "Boolean true"},
      {"1 | 2 = 1 | 2", "Boolean true"},
      {"false implies false implies false", "Boolean false"},
      {"2 + 3 & {}.toString()", "execution error"},
  };
  expect_found(kCases);
}

TEST(Syntax, RefusesWhatIsNoExpression) {
  constexpr ExpressionCase kCases[] = {
      {"", "syntax error"},
      {"1 +", "syntax error"},
      {"(1", "syntax error"},
      {"1 2", "syntax error"},
      {"a.1", "syntax error"},
      {"{1}", "syntax error"},
      {"and 1", "syntax error"},
      {"@2015-02-30", "syntax error"},
      {"@T14:34:28Z", "syntax error"},
      {"1 is", "syntax error"},
      {"99999999999999999999999", "syntax error"},
      {"f(1,,2)", "syntax error"},
      {"2147483648", "syntax error"},
      {"-2147483649", "syntax error"},
      {"1 - 2147483648", "syntax error"},
      {"-2147483648", "Integer -2147483648"},
      {"2147483648.0", "Decimal 2147483648.0"},
      {"4294967296 'ms'", "Quantity 4294967296 'ms'"},
      {"@T10:00:60", "syntax error"},
      {"'10:00:60'.toTime()", ""},
  };
  expect_found(kCases);
}

TEST(Syntax, RefusesEndlessNesting) {
  const std::string open(100'000, '(');
  EXPECT_EQ(found(open), "syntax error");
  EXPECT_EQ(found(std::string(100'000, '-') + "1"), "syntax error");
  std::string chain = "a";
  for (int i = 0; i < 10'000; ++i) chain += ".first()";
  EXPECT_EQ(found(chain), "syntax error");
  std::string sum = "1";
  for (int i = 0; i < 10'000; ++i) sum += "+1";
  EXPECT_EQ(found(sum), "syntax error");
}

}  // namespace
}  // namespace gateway::fhirpath
