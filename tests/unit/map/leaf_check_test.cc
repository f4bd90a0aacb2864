#include "map/leaf_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class LeafCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  }
  static std::string problems_with(const std::string& active) {
    return problems_of(load_library(
        files_with(
            "  p:\n    resourceType: Patient\n    active: " + active + "\n",
            {{"tables/flag.csv", "from,to\nA,true\nB,perhaps\n"},
             {"c.yaml", "choices: { flag: 'iif(PID-8, 5)' }\n"}}),
        r4()));
  }
};

// However a map says it, and at the place where it does.
TEST_F(LeafCheckTest, RefusesTextsOfAnotherType) {
  const std::string wanted =
      "\"5\" is no boolean, which Patient.active must be: true or false";
  EXPECT_THAT(problems_with("5"), StartsWith("m.yaml:8:13: " + wanted));
  EXPECT_THAT(problems_with("=5"), StartsWith("m.yaml:8:13: " + wanted));
  EXPECT_THAT(problems_with("\"'5'\""), StartsWith("m.yaml:8:13: " + wanted));
  EXPECT_THAT(problems_with("iif(PID-8, true, 5)"), HasSubstr(wanted));
  EXPECT_THAT(problems_with("{ $from: 5, $when: PID-8 }"),
              StartsWith("m.yaml:8:22: " + wanted));
  EXPECT_THAT(problems_with("{ $from: PID-8, $onMissing: 5 }"),
              StartsWith("m.yaml:8:41: " + wanted));
  EXPECT_THAT(problems_with("{ $from: PID-8, $onInvalid: 5 }"),
              StartsWith("m.yaml:8:41: " + wanted));
  EXPECT_THAT(problems_with("\"@2026-04-01\""), HasSubstr("is no boolean"));
  EXPECT_THAT(problems_with("{ $choice: flag }"),
              StartsWith("c.yaml:1:18: " + wanted));
  EXPECT_EQ(problems_with("true"), "");
  EXPECT_EQ(problems_with("iif(PID-8, true, false)"), "");
}

TEST_F(LeafCheckTest, RefusesRowsOfAnotherType) {
  EXPECT_THAT(
      problems_with("{ $from: PID-8, $table: flag, $onUnmapped: omit }"),
      StartsWith("tables/flag.csv:3:3: \"perhaps\" is no boolean"));
}

TEST_F(LeafCheckTest, NotesEachUseOnce) {
  std::vector<TableUse> uses;
  note_use({0, {.path = "A.b", .primitive = fhir::Primitive::string}}, uses);
  EXPECT_TRUE(uses.empty());  // any text will do
  note_use({0, {.path = "A.b", .primitive = fhir::Primitive::boolean}}, uses);
  note_use({0, {.path = "A.c", .primitive = fhir::Primitive::boolean}}, uses);
  note_use({1, {.path = "A.b", .primitive = fhir::Primitive::boolean}}, uses);
  EXPECT_EQ(uses.size(), 2U);
  EXPECT_THAT(row_problem(uses[0].takes, "5").text, HasSubstr("is no boolean"));
  EXPECT_TRUE(row_problem(uses[0].takes, "").empty());
  uses[0].takes.is_required = true;
  EXPECT_THAT(row_problem(uses[0].takes, "").text,
              HasSubstr("A.b out, which is"));
}

TEST_F(LeafCheckTest, KnowsWhatAlwaysGives) {
  EXPECT_TRUE(always_gives(Expression::literal("x")));
  EXPECT_FALSE(always_gives(Expression()));
}

}  // namespace
}  // namespace gateway::map
