#include "fhirpath/evaluation.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Evaluation, EvaluatesVariablesAndSigns) {
  constexpr ExpressionCase kCases[] = {
      {"%sct", "String http://snomed.info/sct"},
      {"%`vs-administrative-gender`",
       "String http://hl7.org/fhir/ValueSet/administrative-gender"},
      {"%`ext-patient-birthTime`",
       "String http://hl7.org/fhir/StructureDefinition/patient-birthTime"},
      {"%nothing", "execution error"},
      {"-(1 | 2)", "execution error"},
      {"-1.convertsToInteger()", "semantic error"},
      {"(-1).convertsToInteger()", "Boolean true"},
  };
  expect_found(kCases);
}

TEST(Evaluation, KnowsWhereItStarted) {
  constexpr ExpressionCase kCases[] = {
      {"%resource.id", "id p1"},
      {"%context.name.count()", "Integer 3"},
      {"name.where(%context.active).count()", "Integer 3"},
  };
  expect_found(kCases, kPatient);
}

// What grows or runs without end comes to an end, as an error.
TEST(Evaluation, StaysWithinItsBudget) {
  Environment environment;
  environment.budget = {.steps = 100'000, .items = 10'000, .bytes = 1U << 20U};
  for (const std::string_view expression :
       {"1.repeat($this + 1)", "1.repeatAll($this)",
        "descendants().select(%context.descendants())"
        ".select(%context.descendants()).select(%context.descendants())",
        "'aaaaaaaaaa'.repeat($this & $this)",
        "name.where(1.repeatAll($this + 1).exists(false))",
        "(0).repeatAll($this | ($this + 1)).count()",
        "name.select(descendants().select(%context.descendants())"
        ".select(%context.descendants()).select(%context.descendants()))",
        "name.given.select(%context.name.given)"
        ".select(%context.name.given).select(%context.name.given)"
        ".select(%context.name.given).select(%context.name.given)"
        ".select(%context.name.given).count()"}) {
    Problem problem;
    const auto compiled = compile(expression, {.model = &small_model()});
    ASSERT_TRUE(compiled.ok()) << expression;
    const auto document = *parse_shared(kPatient, small_model().keys());
    const auto result =
        evaluate(*compiled, document->root(), environment, &problem);
    ASSERT_FALSE(result.ok()) << expression;
    EXPECT_EQ(problem.kind, ProblemKind::budget) << expression;
    EXPECT_GT(problem.place, 0U) << expression;
    EXPECT_EQ(result.error().code, ErrorCode::too_large) << expression;
  }
}

}  // namespace
}  // namespace gateway::fhirpath
