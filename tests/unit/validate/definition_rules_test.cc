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
      {R"({"resourceType":"CodeSystem","status":"draft","content":"complete",)"
       R"("property":[{"code":"p","type":"code"}],"concept":[{"code":"a",)"
       R"("property":[{"code":"p","valueCode":"x"},)"
       R"({"code":"p","valueInteger":1}]}]})",
       "code-system/property-type at CodeSystem.concept[0].property[1]"},
      {R"({"resourceType":"CodeSystem","status":"draft","content":)"
       R"("supplement","supplements":"http://hl7.org/fhir/bundle-type|4.0.1",)"
       R"("concept":[{"code":"batch"},{"code":"bunch"}]})",
       "code-system/supplement at CodeSystem.concept[1]"},
      {R"({"resourceType":"SearchParameter","url":"http://a/s","name":"S",)"
       R"("status":"draft","description":"s","code":"s","base":["Patient"],)"
       R"("type":"composite","component":[{"definition":"http://a/t",)"
       R"("expression":"name"}]})",
       "search-parameter/components at SearchParameter"},
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
