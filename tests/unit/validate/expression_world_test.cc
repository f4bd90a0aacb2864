#include "validate/expression_world.h"

#include <gtest/gtest.h>

#include "fhirpath/answer.h"
#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

std::string answered(const char* expression, const char* resource) {
  static const Validator kValidator(core());
  static const fhir::TypeModel kModel(kValidator.definitions());
  const auto document = parse_shared(resource, kModel.keys());
  const auto answer = fhirpath::answer(expression, (*document)->root(), &kModel,
                                       expression_world(kValidator));
  return answer.ok() ? *answer : answer.error().message;
}

constexpr const char* kYes = R"([{"type":"boolean","value":"true"}])";
constexpr const char* kNo = R"([{"type":"boolean","value":"false"}])";

TEST(ExpressionWorldTest, KnowsTheMembersOfValueSets) {
  constexpr const char* kPatient = R"({"resourceType":"Patient",)"
                                   R"("gender":"male"})";
  constexpr const char* kIn =
      "gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')";
  constexpr const char* kText =
      "'zzz'.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')";
  EXPECT_EQ(answered(kIn, kPatient), kYes);
  EXPECT_EQ(answered(kText, kPatient), kNo);
  EXPECT_EQ(answered("gender.memberOf('http://x/none')", kPatient), "[]");
}

TEST(ExpressionWorldTest, KnowsTypesProfilesAndNarrative) {
  constexpr const char* kBad =
      R"({"resourceType":"Patient","text":{"status":"generated",)"
      R"("div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script/></div>"}})";
  constexpr const char* kType =
      "conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')";
  constexpr const char* kOther =
      "conformsTo('http://hl7.org/fhir/StructureDefinition/Person')";
  EXPECT_EQ(answered(kType, kBad), kYes);
  EXPECT_EQ(answered(kOther, kBad), kNo);
  EXPECT_EQ(answered("text.div.htmlChecks()", kBad), kNo);
  EXPECT_NE(answered("conformsTo('http://x/none')", kBad).find("not loaded"),
            std::string::npos);
}

}  // namespace
}  // namespace gateway::validate
