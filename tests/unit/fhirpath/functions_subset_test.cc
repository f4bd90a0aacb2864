#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(SubsetFunctions, Existence) {
  constexpr ExpressionCase kCases[] = {
      {"{}.exists()", "Boolean false"},
      {"(1|2).exists($this > 1)", "Boolean true"},
      {"{}.all($this > 1)", "Boolean true"},
      {"(1|2).all($this > 1)", "Boolean false"},
      {"(true|false).anyTrue()", "Boolean true"},
      {"(true|false).allTrue()", "Boolean false"},
      {"false.allFalse()", "Boolean true"},
      {"(true|false).anyFalse()", "Boolean true"},
      {"(true | 'a').allTrue()", "execution error"},
      {"{}.not()", ""},
      {"(0).not()", "Boolean false"},
  };
  expect_found(kCases);
}

TEST(SubsetFunctions, Parts) {
  constexpr ExpressionCase kCases[] = {
      {"(1|2|3).first()", "Integer 1"},
      {"(1|2|3).last()", "Integer 3"},
      {"(1|2|3).tail()", "Integer 2, Integer 3"},
      {"(1|2|3).skip(1)", "Integer 2, Integer 3"},
      {"(1|2|3).skip(-1).count()", "Integer 3"},
      {"(1|2|3).take(2)", "Integer 1, Integer 2"},
      {"(1|2|3).take(9).count()", "Integer 3"},
      {"(1|2).single()", "execution error"},
      {"(1|2)[1]", "Integer 2"},
      {"(1|2)[7]", ""},
      {"(1|2)[-1]", ""},
  };
  expect_found(kCases);
}

TEST(SubsetFunctions, NeedAnOrder) {
  constexpr ExpressionCase kCases[] = {
      {"children().skip(1)", "semantic error"},
      {"descendants().first()", "semantic error"},
      {"children().count() > 3", "Boolean true"},
  };
  expect_found(kCases, kPatient);
}

}  // namespace
}  // namespace gateway::fhirpath
