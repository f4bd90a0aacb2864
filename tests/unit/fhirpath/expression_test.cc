#include "fhirpath/expression.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

SharedDocument patient() {
  return *parse_shared(kPatient, small_model().keys());
}

Verdict verdict(std::string_view expression, Problem* problem = nullptr) {
  const auto compiled = compile(expression, {.model = &small_model()});
  if (!compiled.ok()) return Verdict::failed;
  const auto document = patient();
  return evaluate_boolean(*compiled, document->root(), {}, problem);
}

TEST(Expression, GivesInvariantsOneOfThreeAnswers) {
  EXPECT_EQ(verdict("name.exists()"), Verdict::met);
  EXPECT_EQ(verdict("name.empty()"), Verdict::unmet);
  EXPECT_EQ(verdict("name.where(use = 'old').family = 'x'"), Verdict::unknown);
  EXPECT_EQ(verdict("hasValue() or (children().count() > id.count())"),
            Verdict::met);
  Problem problem;
  EXPECT_EQ(verdict("name.given and true", &problem), Verdict::failed);
  EXPECT_EQ(problem.kind, ProblemKind::execution);
}

TEST(Expression, SaysWhereItIsWrong) {
  Problem problem;
  const auto unknown = compile(
      "name.givn", {.model = &small_model(), .context = "Patient"}, &problem);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(problem.kind, ProblemKind::semantic);
  EXPECT_EQ(problem.place, 5U);
  EXPECT_EQ(problem.message,
            "HumanName has no element givn: did you mean given?");
  EXPECT_EQ(unknown.error().offset, 5U);
}

TEST(Expression, KeepsWhatItComputed) {
  Collection kept;
  {
    const auto document = patient();
    const auto compiled = compile("'a' & 'b' | 'c'.upper()");
    kept = *evaluate(*compiled, document->root());
  }
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].string(), "ab");
  EXPECT_EQ(kept[1].string(), "C");
}

TEST(Expression, MayBeEvaluatedWhileItIsEvaluated) {
  const auto document = patient();
  const auto inner = compile("name.count()", {.model = &small_model()});
  const auto outer = compile("gender.memberOf('u') and name.count() = 3",
                             {.model = &small_model()});
  Environment environment;
  environment.member_of = [&](const Value&, std::string_view) {
    return std::optional(evaluate(*inner, document->root())->size() == 1);
  };
  EXPECT_EQ(evaluate_boolean(*outer, document->root(), environment),
            Verdict::met);
}

TEST(Expression, TakesVariablesAndElements) {
  const auto document = patient();
  const std::vector<Variable> variables{
      {"limit", {Value::of(std::int64_t{2})}}};
  Environment environment;
  environment.variables = variables;
  const auto compiled =
      compile("given.count() = %limit",
              {.model = &small_model(), .context = "HumanName"});
  ASSERT_TRUE(compiled.ok());
  const auto name = document->root().get("name").at(0);
  EXPECT_EQ(evaluate_boolean(*compiled, name, environment), Verdict::met);
}

TEST(Expression, LetsSearchParametersFilterByType) {
  const auto document = patient();
  const auto compiled = compile("name as HumanName",
                                {.model = &small_model(), .as_filters = true});
  EXPECT_EQ(evaluate(*compiled, document->root())->size(), 3U);
}

}  // namespace
}  // namespace gateway::fhirpath
