#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(FilterFunctions, Each) {
  constexpr ExpressionCase kCases[] = {
      {"name.where(use = 'usual').given", "string Annie"},
      {"name.select(given.first())", "string Ann, string Annie, string"},
      {"name.where($index = 1).use", "code usual"},
      {"iif(gender = 'female', 'F', 1/0)", "String F"},
      {"name.iif(true, 1)", "execution error"},
      {"iif('x', 1, 2)", "semantic error"},
  };
  expect_found(kCases, kPatient);
}

TEST(FilterFunctions, Totals) {
  constexpr ExpressionCase kCases[] = {
      {"(1|2|3).aggregate($this + $total, 0)", "Integer 6"},
      {"(3|1|2).aggregate(iif($total.empty(), $this, iif($this < $total, "
       "$this, $total)))",
       "Integer 1"},
      {"{}.aggregate($this + $total, 5)", "Integer 5"},
      {"(1|2).aggregate($total | $this).count()", "Integer 2"},
  };
  expect_found(kCases);
}

TEST(FilterFunctions, Repeats) {
  constexpr ExpressionCase kCases[] = {
      {"1.repeat(iif($this < 5, $this + 1, {}))",
       "Integer 2, Integer 3, Integer 4, Integer 5"},
      {"'a'.repeat('b')", "String b"},
  };
  expect_found(kCases);
}

TEST(FilterFunctions, Sorts) {
  constexpr ExpressionCase kCases[] = {
      {"(3|1|2).sort()", "Integer 1, Integer 2, Integer 3"},
      {"(3|1|2).sort(-$this)", "Integer 3, Integer 2, Integer 1"},
      {"('b'|'a').sort($this desc)", "String b, String a"},
      {"(1|'a').sort()", "execution error"},
  };
  expect_found(kCases);
}

TEST(FilterFunctions, SortsByKeys) {
  constexpr ExpressionCase kCases[] = {
      {"name.sort(family).use", "code usual, code official, code maiden"},
      {"name.sort(-family).use", "code usual, code maiden, code official"},
  };
  expect_found(kCases, kPatient);
}

TEST(FilterFunctions, Defines) {
  constexpr ExpressionCase kCases[] = {
      {"defineVariable('v', 1).select(%v + 1)", "Integer 2"},
      {"defineVariable('v', 1).defineVariable('v', 2)", "execution error"},
      {"defineVariable('context', 1)", "execution error"},
      {"(defineVariable('v', 1).select(%v)) | %v", "execution error"},
  };
  expect_found(kCases, kPatient);
}

}  // namespace
}  // namespace gateway::fhirpath
