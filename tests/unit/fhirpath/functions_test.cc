#include "fhirpath/functions.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Functions, AreNamedOnceAndHaveCode) {
  for (const auto& function : functions()) {
    const auto row = function_named(function.name);
    EXPECT_EQ(&functions()[row], &function) << function.name;
    EXPECT_LE(function.least, function.most) << function.name;
    const bool type_operator = function.name == "is" || function.name == "as";
    EXPECT_EQ(function.run != nullptr || function.ask != nullptr,
              !type_operator)
        << function.name;
  }
  EXPECT_EQ(function_named("nothing"), functions().size());
}

}  // namespace
}  // namespace gateway::fhirpath
