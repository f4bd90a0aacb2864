#include "unit/validate/core.h"
#include "validate/rules.h"

namespace gateway::validate {
namespace {

struct Case {
  const char* resource;
  const char* expected;
};

TEST(DefinitionRulesTest, FindsDefinitionsThatContradictThemselves) {
  const Case cases[] = {
      {R"({"resourceType":"CodeSystem","status":"draft","content":"complete",)"
       R"("count":2,"concept":[{"code":"a"}]})",
       "code-system/count at CodeSystem.count"},
      {R"({"resourceType":"CodeSystem","status":"draft","content":)"
       R"("not-present","concept":[{"code":"a"}]})",
       "code-system/content at CodeSystem.concept"},
      {R"({"resourceType":"CodeSystem","status":"draft","content":"complete",)"
       R"("property":[{"code":"a","type":"code"},{"code":"a","type":"code"}]})",
       "code-system/property at CodeSystem.property[1]"},
      {R"({"resourceType":"ValueSet","status":"draft","compose":{"include":[)"
       R"({"system":"http://snomed.info/sct","filter":[{"property":)"
       R"("constraint","op":"=","value":"123456 << 654321"}]}]}})",
       "value-set/filter at ValueSet.compose.include[0].filter[0]"},
      {R"({"resourceType":"MeasureReport","status":"complete","type":)"
       R"("summary","measure":"http://a/m","period":{"start":"2026"},"group":)"
       R"([{"population":[{"subjectResults":{"reference":"List/1"}}]}]})",
       "measure-report/subjects at MeasureReport.group[0].population[0]"},
      {R"({"resourceType":"StructureDefinition","url":"http://a/x","name":"X",)"
       R"("status":"draft","kind":"resource","abstract":false,"type":)"
       R"("Patient","baseDefinition":)"
       R"("http://hl7.org/fhir/StructureDefinition/Patient","derivation":)"
       R"("constraint","differential":{"element":[{"id":"Patient.x","path":)"
       R"("Patient.x"}]}})",
       "snapshot/path at StructureDefinition"},
  };
  for (const auto& test : cases) {
    const auto found = errors(test.resource);
    EXPECT_NE(std::find(found.begin(), found.end(), test.expected), found.end())
        << test.expected << ": " << ::testing::PrintToString(found);
  }
}

}  // namespace
}  // namespace gateway::validate
