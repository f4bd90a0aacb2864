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

// Whatever the message says, such a formula gives nothing that could stand
// there.
TEST_F(CodeCheckTest, RefusesFormulasOfAnotherType) {
  const auto problems = [](const std::string& element) {
    return problems_of(load_library(
        files_with("  p:\n    resourceType: Patient\n    " + element + "\n"),
        r4()));
  };
  for (const auto* formula :
       {"PID-7.exists()", "PID-8 = 'F'", "PID-7.exists() and PID-8 = 'F'",
        "PID-8 in ('F' | 'M')", "PID-7.exists().not()",
        "iif(PID-8 = 'F', PID-7.exists(), PID-7.empty())"}) {
    EXPECT_THAT(problems("birthDate: \"" + std::string(formula) + "\""),
                HasSubstr("m.yaml:8:16: \"" + std::string(formula) +
                          "\" gives a value of type boolean, and "
                          "Patient.birthDate is of type date: YYYY"));
  }
  EXPECT_THAT(problems("birthDate: PID-7.exists()"), HasSubstr("say $when"));
  EXPECT_THAT(problems("birthDate: PID-7.length()"),
              HasSubstr("gives a value of type integer"));
  EXPECT_THAT(problems("active: PID-7.length()"),
              HasSubstr("Patient.active is of type boolean"));
  EXPECT_THAT(problems("multipleBirthInteger: PID-24 = 'Y'"),
              HasSubstr("is of type integer"));
  EXPECT_THAT(
      problems("birthDate: { $from: PID-7, $onMissing: PID-8.exists() }"),
      HasSubstr("m.yaml:8:44"));
  for (const auto* good :
       {"active: PID-7.exists()", "multipleBirthInteger: PID-25.length()",
        "birthDate: \"PID-7.substring(0, 8)\"",
        "birthDate: \"iif(PID-8 = 'F', PID-7, PID-7.exists())\"",
        "multipleBirthBoolean: PID-24 = 'Y'"}) {
    EXPECT_THAT(problems(good), IsEmpty()) << good;
  }
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

TEST_F(CodeCheckTest, KnowsWhatATextMustBe) {
  std::string problem;
  const Target patient{.type = r4()->find("Patient"), .path = "Patient"};
  const auto takes =
      leaf_type(*r4(), *member_target(r4(), "gender", patient, problem));
  EXPECT_EQ(takes.path, "Patient.gender");
  EXPECT_FALSE(takes.is_required);
  EXPECT_TRUE(text_problem(takes, "female").empty());
  EXPECT_THAT(text_problem(takes, "femal").text,
              HasSubstr("did you mean female?"));
  EXPECT_THAT(texts_problem(takes, Expression::literal("x")).text,
              HasSubstr("\"x\" is not a code"));
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

// The type of each primitive: what can never be, and what can.
TEST(FormatProblemTest, NamesTextsThatCanNeverBe) {
  using fhir::Primitive;
  struct Texts {
    Primitive type;
    std::vector<std::string> bad;
    std::vector<std::string> good;
  };
  const std::vector<Texts> rows{
      {Primitive::boolean, {"5", "yes", "maybe"}, {"true", "false"}},
      {Primitive::integer, {"x", "1.5", "99999999999"}, {"5", "-5", "0"}},
      {Primitive::positive_int, {"0", "-1", "a"}, {"1"}},
      {Primitive::unsigned_int, {"-1"}, {"0", "7"}},
      {Primitive::decimal, {"x", "1,5", "true"}, {"1.50", "-2", "7"}},
      {Primitive::date,
       {"5", "true", "2026-13-01", "today"},
       {"2026", "2026-04", "2026-04-01"}},
      {Primitive::date_time,
       {"x", "2026-04-01T10:00", "5"},
       {"2026", "2026-04-01T10:00:00-05:00"}},
      {Primitive::instant,
       {"2026-04-01", "2026-04-01T10:00:00", "1"},
       {"2026-04-01T10:00:00Z"}},
      {Primitive::time, {"25:00:00", "noon"}, {"10:00:00"}},
      {Primitive::code, {"a  b", " "}, {"a", "a b"}},
      {Primitive::id, {"a b", "a_b", std::string(65, 'a')}, {"a-b.1"}},
      {Primitive::uri, {"a b"}, {"urn:oid:1.2.3", "http://a"}},
      {Primitive::oid, {"1.2.3"}, {"urn:oid:1.2.3"}},
      {Primitive::uuid,
       {"1"},
       {"urn:uuid:00000000-0000-4000-8000-000000000001"}},
      {Primitive::base64_binary, {"?"}, {"AAAA"}},
      {Primitive::string, {}, {"5", "true", "x"}}};
  for (const auto& row : rows) {
    for (const auto& text : row.bad) {
      EXPECT_THAT(format_problem(row.type, "A.b", text),
                  HasSubstr("which A.b must be: "))
          << text;
    }
    for (const auto& text : row.good) {
      EXPECT_EQ(format_problem(row.type, "A.b", text), "") << text;
    }
  }
}

TEST(PossibleTextsTest, AreLiterals) {
  EXPECT_THAT(possible_texts("5").texts, ElementsAre("5"));
  EXPECT_THAT(possible_texts("-2.5").texts, ElementsAre("-2.5"));
  EXPECT_THAT(possible_texts("true").texts, ElementsAre("true"));
  EXPECT_THAT(possible_texts("@2026-04-01").texts, ElementsAre("2026-04-01"));
  EXPECT_THAT(possible_texts("@2026T").texts, ElementsAre("2026"));
  EXPECT_THAT(possible_texts("@T10:30").texts, ElementsAre("10:30"));
  EXPECT_TRUE(possible_texts("5 + 1").others);
  EXPECT_TRUE(possible_texts("@2026 + 1 year").others);
  EXPECT_TRUE(possible_texts("iif(PID-8, 'x')").nothing);
  EXPECT_FALSE(possible_texts("iif(PID-8, 'x', 5)").nothing);
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
