#include "fhirpath/problem.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Problem, NamesKindAndPlace) {
  const Problem problem{ProblemKind::semantic, "no", 12};
  EXPECT_EQ(error(problem).message, "semantic error at byte 12: no");
  EXPECT_EQ(error(problem).code, ErrorCode::invalid);
  EXPECT_EQ(error({ProblemKind::budget, "big", 0}).code, ErrorCode::too_large);
  EXPECT_EQ(name(ProblemKind::budget), "execution");
}

}  // namespace
}  // namespace gateway::fhirpath
