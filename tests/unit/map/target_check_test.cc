#include "map/target_check.h"

#include <gtest/gtest.h>

#include <algorithm>

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

TEST_F(TargetCheckTest, NamesWhatMayHaveBeenMeant) {
  std::string problem;
  const Target patient{.type = r4()->find("Patient"), .path = "Patient"};
  EXPECT_FALSE(member_target(r4(), "birthdate", patient, problem));
  EXPECT_NE(problem.find("did you mean birthDate?"), std::string::npos);
  EXPECT_FALSE(member_target(r4(), "deceased", patient, problem));
  EXPECT_NE(problem.find("did you mean deceasedBoolean or deceasedDateTime?"),
            std::string::npos)
      << problem;
  const auto names = resource_names(*r4());
  EXPECT_NE(std::find(names.begin(), names.end(), "Patient"), names.end());
  EXPECT_EQ(std::find(names.begin(), names.end(), "DomainResource"),
            names.end());
}

}  // namespace
}  // namespace gateway::map
