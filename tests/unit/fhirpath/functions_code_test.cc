#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(CodeFunctions, GoBothWays) {
  constexpr ExpressionCase kCases[] = {
      {"'test'.encode('hex')", "String 74657374"},
      {"'74657374'.decode('hex')", "String test"},
      {"'subjects?_d'.encode('base64')", "String c3ViamVjdHM/X2Q="},
      {"'subjects?_d'.encode('urlbase64')", "String c3ViamVjdHM_X2Q="},
      {"'c3ViamVjdHM_X2Q='.decode('urlbase64')", "String subjects?_d"},
      {"'<&>'.escape('html')", "String &lt;&amp;&gt;"},
      {"'&lt;&amp;&gt;'.unescape('html')", "String <&>"},
      {"'a\"b'.escape('json')", "String a\\\"b"},
      {"'a\\\\\"b\\\\u0041'.unescape('json')", "String a\"bA"},
  };
  expect_found(kCases);
}

TEST(CodeFunctions, RefuseWhatIsNotInTheFormat) {
  constexpr ExpressionCase kCases[] = {
      {"'zz'.decode('hex')", "execution error"},
      {"'a b'.decode('base64')", "execution error"},
      {"'ff'.decode('hex')", "execution error"},
      {"'a'.encode('rot13')", "execution error"},
      {"{}.encode('hex')", ""},
  };
  expect_found(kCases);
}

}  // namespace
}  // namespace gateway::fhirpath
