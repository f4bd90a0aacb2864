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

// Rules in vain: "key at expression" of each.
Texts in_vain(const std::string& type, const std::string& elements) {
  fhir::DefinitionSet set;
  EXPECT_TRUE(set.add_text(profile_text("v", type, elements), "test").ok());
  const auto compiled = compile(set, core());
  EXPECT_TRUE(compiled.ok());
  Texts found;
  for (const auto& finding : compiled->outcome.findings()) {
    EXPECT_EQ(finding.rule, "invariant/meaningless");
    found.push_back(finding.expression);
  }
  return found;
}

std::string rule(const std::string& path, const std::string& expression) {
  return R"({"path":")" + path +
         R"(","constraint":[{"key":"k","severity":"error","human":"h",)"
         R"("expression":")" +
         expression + R"("}]})";
}

TEST(InvariantCompilerTest, FindsRulesThatCanNeverBeMet) {
  EXPECT_EQ(in_vain("Patient", '[' + rule("Patient", "nome.exists()") + ']'),
            Texts{"v.constraint.where(key='k').expression"});
  EXPECT_EQ(
      in_vain("Patient", '[' + rule("Patient.name", "fammily.exists()") + ']'),
      Texts{"Patient.name.constraint.where(key='k').expression"});
  // Elements with members of their own, and primitives.
  EXPECT_EQ(
      in_vain("Patient", '[' + rule("Patient.contact", "nome.exists()") + ']'),
      Texts{"Patient.contact.constraint.where(key='k').expression"});
  EXPECT_EQ(in_vain("Patient",
                    '[' + rule("Patient.birthDate", "family.exists()") + ']'),
            Texts{"Patient.birthDate.constraint.where(key='k').expression"});
}

// What suits the element, or one of its types, or what cannot be known.
TEST(InvariantCompilerTest, IsContentWithRulesThatCanBeMet) {
  EXPECT_EQ(in_vain("Patient",
                    '[' + rule("Patient", "name.exists()") + ',' +
                        rule("Patient.name", "family.exists()") + ',' +
                        rule("Patient.contact", "name.exists()") + ',' +
                        rule("Patient.birthDate", "$this < today()") + ']'),
            Texts{});
  EXPECT_EQ(in_vain("Observation",
                    '[' + rule("Observation.value[x]", "code.exists()") + ']'),
            Texts{});
}

// Both ask for elements that their types do not have: R4's own slips.
TEST(InvariantCompilerTest, AllOfTheCoreCompileButTwo) {
  fhir::Outcome outcome;
  check_invariants(*core(), outcome);
  Texts found;
  for (const auto& finding : outcome.findings()) {
    EXPECT_EQ(finding.severity, fhir::Severity::warning);
    found.push_back(finding.expression);
  }
  EXPECT_EQ(found, (Texts{"ChargeItemDefinition.constraint.where(key='cid-0')."
                          "expression",
                          "substanceExposureRisk.constraint.where(key='inv-1')."
                          "expression"}));
}

}  // namespace
}  // namespace gateway::validate
