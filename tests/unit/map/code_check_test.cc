#include "map/code_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CodeCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  }
  static std::string problems_with(const std::string& gender) {
    return problems_of(load_library(
        files_with(
            "  p:\n    resourceType: Patient\n    gender: " + gender + "\n",
            {{"tables/sex.csv", "from,to\nF,female\n"}}),
        r4()));
  }
};

TEST_F(CodeCheckTest, RefusesCodesWhereverTheyAreSaid) {
  EXPECT_THAT(problems_with("=femal"), HasSubstr("did you mean female?"));
  EXPECT_THAT(problems_with("iif(PID-8 = 'F', 'femail', 'male')"),
              HasSubstr("m.yaml:8:13: \"femail\" is not a code of"));
  EXPECT_THAT(problems_with("{ $from: PID-8, $table: sex, $onUnmapped: =x }"),
              HasSubstr("\"x\" is not a code of Patient.gender"));
  EXPECT_THAT(problems_with("{ $from: PID-8, $table: sex, $onUnmapped: omit, "
                            "$onMissing: \"iif(PID-7, 'x', 'male')\" }"),
              HasSubstr("\"x\" is not a code of Patient.gender"));
}

TEST_F(CodeCheckTest, WantsATableForWhatAMessageSays) {
  EXPECT_THAT(problems_with("PID-8"), HasSubstr("say $table"));
  EXPECT_THAT(problems_with("iif(PID-8 = 'F', 'female', PID-8)"),
              HasSubstr("say $table"));
  EXPECT_THAT(problems_with("{ $from: PID-8, $table: sex, "
                            "$onUnmapped: PID-8.lower() }"),
              HasSubstr("say $table"));
}

TEST_F(CodeCheckTest, TakesWhatCanOnlyBeRight) {
  EXPECT_THAT(problems_with("iif(PID-8 = 'F', 'female', {})"), IsEmpty());
  EXPECT_THAT(problems_with("{ $from: PID-8, $table: sex, "
                            "$onUnmapped: =unknown }"),
              IsEmpty());
}

TEST_F(CodeCheckTest, ListsOnlyWhatIsClosed) {
  std::string problem;
  const Target patient{.type = r4()->find("Patient"), .path = "Patient"};
  const auto gender = *member_target(r4(), "gender", patient, problem);
  EXPECT_EQ(closed_codes(*r4(), gender).codes.size(), 4U);
  const auto name = *member_target(r4(), "birthDate", patient, problem);
  EXPECT_FALSE(closed_codes(*r4(), name).exist());
  std::vector<MapProblem> problems;
  check_code(*r4(), "female", gender, "f:1:1", problems);
  EXPECT_TRUE(problems.empty());
  check_code(*r4(), "femal", gender, "f:1:1", problems);
  EXPECT_EQ(problems.size(), 1U);
}

TEST(PossibleTextsTest, AreThoseOfTheBranches) {
  const auto nested = possible_texts(
      "iif(PID-8 = 'a,b', 'x', iif(.1 in ('p' | 'q'), 'y', {}))");
  EXPECT_THAT(nested.texts, ElementsAre("x", "y"));
  EXPECT_FALSE(nested.others);
  EXPECT_TRUE(possible_texts("iif(.1, 'x', .2)").others);
  EXPECT_TRUE(possible_texts("iif(.1, 'x', 'y').lower()").others);
  EXPECT_TRUE(possible_texts("iif(.1").others);
  EXPECT_TRUE(possible_texts("'a' & 'b'").others);
}

}  // namespace
}  // namespace gateway::map
