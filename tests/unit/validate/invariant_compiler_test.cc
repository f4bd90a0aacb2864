#include "validate/invariant_compiler.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

TEST(InvariantCompilerTest, FindsWhatIsNoFhirPath) {
  fhir::DefinitionSet set;
  ASSERT_TRUE(
      set.add_text(
             profile_text(
                 "i", "Patient",
                 R"([{"path":"Patient.name","constraint":[{"key":"good",)"
                 R"("severity":"error","human":"h","expression":"family = 'A'"},)"
                 R"({"key":"bad","severity":"error","human":"h","expression":)"
                 R"("family = "}]}])"),
             "test")
          .ok());
  const auto compiled = compile(set, core());
  ASSERT_TRUE(compiled.ok());
  ASSERT_EQ(compiled->outcome.findings().size(), 1U);
  const auto& finding = compiled->outcome.findings()[0];
  EXPECT_EQ(finding.rule, "invariant/malformed");
  EXPECT_EQ(finding.expression,
            "Patient.name.constraint.where(key='bad').expression");
}

TEST(InvariantCompilerTest, AllOfTheCoreCompile) {
  fhir::Outcome outcome;
  check_invariants(*core(), outcome);
  EXPECT_TRUE(outcome.empty());
}

}  // namespace
}  // namespace gateway::validate
