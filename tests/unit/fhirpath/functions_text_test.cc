#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(TextFunctions, CountCharacters) {
  constexpr ExpressionCase kCases[] = {
      {"'12345'.substring(1, 2)", "String 23"},
      {"'12345'.substring(5)", ""},
      {"'12345'.substring(-1)", ""},
      {"'héllo'.substring(1, 1)", "String é"},
      {"'héllo'.length()", "Integer 5"},
      {"'héllo'.indexOf('l')", "Integer 2"},
      {"'abcb'.lastIndexOf('b')", "Integer 3"},
      {"'abc'.indexOf('z')", "Integer -1"},
      {"'hé'.toChars()", "String h, String é"},
  };
  expect_found(kCases);
}

TEST(TextFunctions, Change) {
  constexpr ExpressionCase kCases[] = {
      {"'aB'.upper()", "String AB"},
      {"'éà'.upper()", "String ÉÀ"},
      {"'ÄÖ'.lower()", "String äö"},
      {"'aB'.lower()", "String ab"},
      {"' a '.trim()", "String a"},
      {"'abc'.replace('', 'x')", "String xaxbxcx"},
      {"'abab'.replace('a', '')", "String bb"},
      {"'a,,b'.split(',')", "String a, String , String b"},
      {"('a'|'b').join('-')", "String a-b"},
      {"{}.join(',')", ""},
  };
  expect_found(kCases);
}

TEST(TextFunctions, Ask) {
  constexpr ExpressionCase kCases[] = {
      {"'abc'.startsWith('')", "Boolean true"},
      {"'abc'.endsWith('bc')", "Boolean true"},
      {"'abc'.contains('x')", "Boolean false"},
      {"{}.contains('x')", ""},
      {"'abc'.startsWith({})", ""},
      {"1.length()", "execution error"},
      {"('a'|'b').length()", "execution error"},
  };
  expect_found(kCases);
}

}  // namespace
}  // namespace gateway::fhirpath
