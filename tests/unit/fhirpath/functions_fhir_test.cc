#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(FhirFunctions, KnowPrimitivesAndReferences) {
  constexpr ExpressionCase kCases[] = {
      {"gender.hasValue()", "Boolean true"},
      {"name.hasValue()", "Boolean false"},
      {"gender.getValue()", "String female"},
      {"managingOrganization.resolve().name", "string Acme"},
      {"conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')",
       "Boolean true"},
      {"conformsTo('http://trash')", "execution error"},
      {"gender.memberOf('u:any')", ""},
      {"Patient.htmlChecks()", "Boolean true"},
  };
  expect_found(kCases, kPatient);
}

TEST(FhirFunctions, AskTheEnvironment) {
  Environment environment;
  const auto target = *parse_shared(R"({"resourceType": "Organization"})",
                                    small_model().keys());
  environment.resolve = [&](std::string_view reference) {
    return reference == "Organization/9" ? target->root() : Json();
  };
  environment.member_of = [](const Value&, std::string_view url) {
    return url == "u:known" ? std::optional(true) : std::nullopt;
  };
  environment.conforms_to = [](const Value&, std::string_view url) {
    return url == "u:profile" ? std::optional(false) : std::nullopt;
  };
  const auto ask = [&](std::string_view expression) {
    return found(expression, R"({"resourceType": "Patient", "gender": "male",
        "managingOrganization": {"reference": "Organization/9"}})",
                 &small_model(), environment);
  };
  EXPECT_EQ(ask("managingOrganization.resolve() is Organization"),
            "Boolean true");
  EXPECT_EQ(ask("gender.memberOf('u:known')"), "Boolean true");
  EXPECT_EQ(ask("gender.memberOf('u:other')"), "");
  EXPECT_EQ(ask("conformsTo('u:profile')"), "Boolean false");
  EXPECT_EQ(ask("conformsTo('u:other')"), "execution error");
}

TEST(FhirFunctions, CheckModifiersNamesWhatIsKnown) {
  const auto ask = [&](std::string_view expression) {
    return found(expression, R"({"resourceType": "Patient", "id": "p",
        "modifierExtension": [{"url": "u:a"}, {"url": "u:b"}]})",
                 nullptr);
  };
  EXPECT_EQ(ask("checkModifiers('u:a, u:b').id"), "String p");
  EXPECT_EQ(ask("checkModifiers('u:a').id"), "execution error");
  EXPECT_EQ(ask("id.checkModifiers('u:a')"), "String p");
}

// A primitive that has only extensions has no value.
TEST(FhirFunctions, WhatHasNoValueIsEmptyWhereAValueIsAsked) {
  const auto ask = [&](std::string_view expression) {
    return found(expression, R"({"resourceType": "Patient",
        "_birthDate": {"extension": [{"url": "u", "valueString": "x"}]}})",
                 &small_model());
  };
  EXPECT_EQ(ask("birthDate.exists()"), "Boolean true");
  EXPECT_EQ(ask("birthDate.hasValue()"), "Boolean false");
  EXPECT_EQ(ask("birthDate.toString()"), "");
  EXPECT_EQ(ask("birthDate < @2020-01-01"), "");
  EXPECT_EQ(ask("birthDate + 1 day"), "");
  EXPECT_EQ(ask("birthDate.toString().startsWith('a')"), "");
}

TEST(FhirFunctions, ResolveWithinABundle) {
  constexpr const char* kBundle = R"({"resourceType": "Bundle", "entry": [
      {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "A",
       "to": {"reference": "B/7"}, "also": {"reference": "urn:uuid:2"}}},
      {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "B", "id": "7",
       "x": "found"}}]})";
  EXPECT_EQ(found("entry.resource.to.resolve().x", kBundle, nullptr),
            "String found");
  EXPECT_EQ(found("entry.resource.also.resolve().x", kBundle, nullptr),
            "String found");
}

}  // namespace
}  // namespace gateway::fhirpath
