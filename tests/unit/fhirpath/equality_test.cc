#include <gtest/gtest.h>

#include "fhirpath/operators.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Equality, OfSingleValues) {
  constexpr ExpressionCase kCases[] = {
      {"1 = 1.0", "Boolean true"},
      {"'a' = 'A'", "Boolean false"},
      {"'a' ~ 'A'", "Boolean true"},
      {"'É' ~ 'é'", "Boolean true"},
      {"'É' ~ 'e'", "Boolean false"},
      {"'a  b' ~ ' a b '", "Boolean false"},
      {"'a  b' ~ 'A b'", "Boolean true"},
      {"1.10 ~ 1.1", "Boolean true"},
      {"1.2 / 1.8 ~ 0.67", "Boolean true"},
      {"@2012-04-15 = @2012-04-15T10:00:00", ""},
      {"@2012-04-15 ~ @2012-04-15T10:00:00", "Boolean false"},
      {"@2012-04-15 = @T10:00", "Boolean false"},
      {"1 = 'a'", "Boolean false"},
      {"1 year = 12 months", "Boolean true"},
      {"1 year = 1 'a'", ""},
      {"1 year ~ 1 'a'", "Boolean true"},
  };
  expect_found(kCases);
}

TEST(Equality, OfCollections) {
  constexpr ExpressionCase kCases[] = {
      {"(1 | 2) = (1 | 2)", "Boolean true"},
      {"(1 | 2) = (2 | 1)", "Boolean false"},
      {"(1 | 2) ~ (2 | 1)", "Boolean true"},
      {"{} = {}", ""},
      {"{} ~ {}", "Boolean true"},
      {"1 = {}", ""},
      {"{} !~ 1", "Boolean true"},
  };
  expect_found(kCases);
}

TEST(Equality, OfTrees) {
  constexpr ExpressionCase kCases[] = {
      {"name.first() = name.first()", "Boolean true"},
      {"name[0] = name[1]", "Boolean false"},
      {"name ~ name", "Boolean true"},
      {"birthDate = @1974-12-25", "Boolean true"},
      {"name[0] != name[0]", "Boolean false"},
  };
  expect_found(kCases, kPatient);
}

TEST(Equality, Orders) {
  constexpr ExpressionCase kCases[] = {
      {"1 < 2.5", "Boolean true"},
      {"'b' < 'a'", "Boolean false"},
      {"@2018-03 <= @2018-03-01", ""},
      {"1 'kg' > 999 'g'", "Boolean true"},
      {"1 'kg' > 1 'm'", ""},
      {"1 < {}", ""},
      {"(1 | 2) < 3", "execution error"},
      {"1 < 'a'", "semantic error"},
  };
  expect_found(kCases);
}

TEST(Equality, RemovesEqualItems) {
  constexpr ExpressionCase kCases[] = {
      {"(1 | 1.0 | 2).count()", "Integer 2"},
      {"('a' | 'b' | 'a')", "String a, String b"},
      {"(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|25|26|"
       "1|2).count()",
       "Integer 26"},
  };
  expect_found(kCases);
}

TEST(Equality, AdaptsTextsOfTreesWithoutTypes) {
  constexpr ExpressionCase kCases[] = {
      {"day = @2020-01-02", "Boolean true"},
      {"day < @2021", "Boolean true"},
      {"number > 3", "Boolean true"},
      {"number = 4.0", "Boolean true"},
  };
  expect_found(kCases, R"({"day": "2020-01-02", "number": "4"})", nullptr);
}

}  // namespace
}  // namespace gateway::fhirpath
