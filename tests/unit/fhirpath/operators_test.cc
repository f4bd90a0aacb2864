#include "fhirpath/operators.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Operators, LogicHasThreeValues) {
  constexpr ExpressionCase kCases[] = {
      {"true and {}", ""},
      {"false and {}", "Boolean false"},
      {"{} and false", "Boolean false"},
      {"{} or true", "Boolean true"},
      {"{} or false", ""},
      {"{} xor true", ""},
      {"true xor true", "Boolean false"},
      {"{} implies true", "Boolean true"},
      {"{} implies false", ""},
      {"false implies {}", "Boolean true"},
      {"true implies {}", ""},
      {"true and 'foo'", "Boolean true"},
      {"(1 | 2) and true", "execution error"},
  };
  expect_found(kCases);
}

TEST(Operators, Membership) {
  constexpr ExpressionCase kCases[] = {
      {"1 in (1 | 2)", "Boolean true"},
      {"(1 | 2) contains 3", "Boolean false"},
      {"{} in (1 | 2)", ""},
      {"1 in {}", "Boolean false"},
      {"(1 | 2) in (1 | 2)", "execution error"},
  };
  expect_found(kCases);
}

TEST(Operators, TypesOfValues) {
  constexpr ExpressionCase kCases[] = {
      {"1 is Integer", "Boolean true"},
      {"1 is System.Integer", "Boolean true"},
      {"'1' is Integer", "Boolean false"},
      {"1 is System.Patient", "Boolean false"},
      {"1 is Nonsense", "semantic error"},
      {"{} is Integer", ""},
  };
  expect_found(kCases);
}

TEST(Operators, TypesOfNodes) {
  constexpr ExpressionCase kCases[] = {
      {"gender is code", "Boolean true"},
      {"gender is string", "Boolean true"},
      {"gender as code", "code female"},
      {"gender.as(string)", ""},
      {"gender.ofType(string)", ""},
      {"active is Boolean", "Boolean false"},
      {"Patient is DomainResource", "Boolean true"},
      {"name.as(HumanName)", "execution error"},
      {"name.ofType(HumanName).use", "code official, code usual, code maiden"},
      {"deceased is boolean", "Boolean true"},
  };
  expect_found(kCases, kPatient);
}

}  // namespace
}  // namespace gateway::fhirpath
