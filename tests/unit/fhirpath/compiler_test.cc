#include "fhirpath/compiler.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Compiler, ChecksTypes) {
  constexpr ExpressionCase kCases[] = {
      {"name.given1", "semantic error"},
      {"Observation.value", "semantic error"},
      {"deceasedBoolean", "semantic error"},
      {"name.given + 1", "semantic error"},
      {"active > gender", "semantic error"},
      {"name.first().family", "string Doe"},
      {"contained.anything", ""},
      {"Resource.id", "id p1"},
  };
  expect_found(kCases, kPatient);
}

TEST(Compiler, MakesOneOperationOfAPath) {
  const auto compiled = compile(
      "Patient.name.given", {.model = &small_model(), .context = "Patient"});
  ASSERT_TRUE(compiled.ok());
  const auto& program = compiled->program();
  EXPECT_EQ(program.ops[program.root].code, OpCode::path);
  EXPECT_EQ(program.ops[program.root].count, 2);
  EXPECT_TRUE(program.steps[1].follows);
}

TEST(Compiler, RefusesTypesThatTheModelLacks) {
  EXPECT_FALSE(
      compile("id", {.model = &small_model(), .context = "Pateint"}).ok());
}

}  // namespace
}  // namespace gateway::fhirpath
