#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(SetFunctions, AreSets) {
  constexpr ExpressionCase kCases[] = {
      {"(1|2).subsetOf(1|2|3)", "Boolean true"},
      {"(1|4).subsetOf(1|2|3)", "Boolean false"},
      {"(1|2|3).supersetOf(1|2)", "Boolean true"},
      {"1.combine(1).isDistinct()", "Boolean false"},
      {"1.combine(1).distinct()", "Integer 1"},
      {"1.combine(1)", "Integer 1, Integer 1"},
      {"(1|2).union(2|3).count()", "Integer 3"},
      {"1.combine(1).combine(2).intersect(1)", "Integer 1"},
      {"1.combine(1).combine(2).exclude(2)", "Integer 1, Integer 1"},
  };
  expect_found(kCases);
}

}  // namespace
}  // namespace gateway::fhirpath
