#include "validate/definition_check.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

// "rule at expression" of what is said while definitions are compiled.
Texts said_of(const Texts& definitions) {
  fhir::DefinitionSet set;
  for (const auto& text : definitions) {
    EXPECT_TRUE(set.add_text(text, "test").ok());
  }
  const auto compiled = compile(set, core());
  EXPECT_TRUE(compiled.ok());
  Texts said;
  for (const auto& finding : compiled->outcome.findings()) {
    said.push_back(finding.rule + " at " + finding.expression);
    EXPECT_EQ(finding.severity, fhir::Severity::warning) << said.back();
    EXPECT_NE(finding.seen.find("http://example.org/"), std::string::npos)
        << "names the definition";
  }
  return said;
}

TEST(DefinitionCheckTest, NamesWhatNobodyDefines) {
  EXPECT_EQ(
      said_of({profile_text("a", "Patient",
                            R"([{"path":"Patient.gender","binding":)"
                            R"({"strength":"required","valueSet":)"
                            R"("http://example.org/none"}}])")}),
      Texts{"definition/unknown-value-set at Patient.gender.binding.valueSet"});
  EXPECT_EQ(said_of({profile_text("b", "Observation",
                                  R"([{"path":"Observation.value[x]","type":)"
                                  R"([{"code":"string"},{"code":)"
                                  R"("Nonsense"}]}])")}),
            Texts{"definition/unknown-type at "
                  "Observation.value[x].type[1].code"});
}

TEST(DefinitionCheckTest, IsContentWithWhatIsThere) {
  EXPECT_EQ(
      said_of({profile_text("c", "Patient",
                            R"([{"path":"Patient.gender","binding":)"
                            R"({"strength":"required","valueSet":)"
                            R"("http://example.org/own|1"}}])"),
               R"({"resourceType":"ValueSet","url":"http://example.org/own",)"
               R"("status":"draft","compose":{"include":[{"system":)"
               R"("http://hl7.org/fhir/administrative-gender"}]}})"}),
      Texts{});
}

// Codes are told apart by their names alone.
TEST(DefinitionCheckTest, ACodeIsDefinedOnce) {
  EXPECT_EQ(
      said_of({R"({"resourceType":"CodeSystem","url":"http://example.org/s",)"
               R"("status":"draft","content":"complete","concept":[{"code":)"
               R"("a"},{"code":"b","concept":[{"code":"a"}]}]})"}),
      Texts{"terminology/duplicate-code at "
            "CodeSystem.concept[1].concept[0]"});
}

}  // namespace
}  // namespace gateway::validate
