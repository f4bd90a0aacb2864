#include "map/target_check.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

class TargetCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  }
};

TEST_F(TargetCheckTest, FindsMembersOfChoices) {
  std::string problem;
  const Target patient{.type = r4()->find("Patient"), .path = "Patient"};
  const auto deceased =
      member_target(r4(), "deceasedBoolean", patient, problem);
  ASSERT_TRUE(deceased.has_value());
  EXPECT_EQ(r4()->name(deceased->type), "boolean");
  EXPECT_EQ(deceased->path, "Patient.deceasedBoolean");
  EXPECT_FALSE(member_target(r4(), "deceasedString", patient, problem));
  EXPECT_FALSE(problem.empty());
  const auto sibling = member_target(r4(), "_birthDate", patient, problem);
  EXPECT_EQ(r4()->name(sibling->type), "Element");
}

TEST_F(TargetCheckTest, ChecksCodesOfRequiredBindings) {
  std::string problem;
  const Target patient{.type = r4()->find("Patient"), .path = "Patient"};
  const auto gender = *member_target(r4(), "gender", patient, problem);
  std::vector<MapProblem> problems;
  check_code(*r4(), "female", gender, "f:1:1", problems);
  EXPECT_TRUE(problems.empty());
  check_code(*r4(), "femal", gender, "f:1:1", problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_NE(problems[0].text.find("did you mean female?"), std::string::npos);
}

}  // namespace
}  // namespace gateway::map
