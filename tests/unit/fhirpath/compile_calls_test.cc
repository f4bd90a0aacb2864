#include <gtest/gtest.h>

#include "fhirpath/compilation.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(CompileCalls, ChecksFunctions) {
  constexpr ExpressionCase kCases[] = {
      {"nothing()", "semantic error"},
      {"'a'.substring()", "semantic error"},
      {"'a'.upper(1)", "semantic error"},
      {"1.ofType(1)", "semantic error"},
      {"iif('a', 1)", "semantic error"},
      {"'a'.matches('[')", "semantic error"},
      {"1.is(Integer)", "Boolean true"},
  };
  expect_found(kCases);
}

TEST(CompileCalls, NamesTheNearestFunction) {
  Problem problem;
  EXPECT_FALSE(compile("name.exist()", {}, &problem).ok());
  EXPECT_NE(problem.message.find("did you mean exists?"), std::string::npos);
}

}  // namespace
}  // namespace gateway::fhirpath
