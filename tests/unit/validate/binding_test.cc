#include "validate/binding.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

fhir::Outcome outcome_of(const std::string& resource,
                         const ValidateOptions& options = {}) {
  const auto document = parse_shared(resource, core()->keys());
  return Validator(core()).validate(**document, options);
}

bool has(const fhir::Outcome& outcome, std::string_view rule,
         fhir::Severity severity) {
  const auto& all = outcome.findings();
  return std::any_of(all.begin(), all.end(), [&](const fhir::Finding& found) {
    return found.rule == rule && found.severity == severity;
  });
}

TEST(BindingTest, StrengthDecidesSeverity) {
  using fhir::Severity;
  const auto wrong = outcome_of(R"({"resourceType":"Patient","gender":"mal"})");
  EXPECT_TRUE(has(wrong, "binding/required", Severity::error));
  EXPECT_EQ(wrong.findings()[0].remedy, "did you mean male?");
  EXPECT_TRUE(
      has(outcome_of(R"({"resourceType":"Patient","maritalStatus":)"
                     R"({"coding":[{"system":"http://x","code":"y"}]}})"),
          "binding/extensible", Severity::warning));
}

TEST(BindingTest, CodesOfCompleteSystemsAreKnown) {
  const std::string kPatient =
      R"({"resourceType":"Patient","maritalStatus":{"coding":[{"system":)"
      R"("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":)";
  const auto unknown = kPatient + R"("ZZ"}]}})";
  EXPECT_TRUE(has(outcome_of(unknown), "terminology/unknown-code",
                  fhir::Severity::warning));
  EXPECT_TRUE(has(outcome_of(unknown, strict()), "terminology/unknown-code",
                  fhir::Severity::error));
  EXPECT_TRUE(has(outcome_of(kPatient + R"("M","display":"Single"}]}})"),
                  "terminology/display", fhir::Severity::warning));
  EXPECT_TRUE(
      outcome_of(kPatient + R"("M","display":"married"}]}})").acceptable());
}

std::string condition(const std::string& system, const std::string& code) {
  return R"({"resourceType":"Condition","subject":{"reference":"Patient/1"},)"
         R"("code":{"coding":[{"system":")" +
         system + R"(","code":")" + code + "\"}]}}";
}

// Whatever the binding of the element: Condition.code has an example.
TEST(BindingTest, CodesOfExternalSystemsAreCheckedByTheirFormat) {
  using fhir::Severity;
  const struct {
    const char* system;
    const char* code;
    Severity severity;
  } kWrong[] = {
      {"http://hl7.org/fhir/sid/icd-10-cm", "zzz", Severity::warning},
      {"http://snomed.info/sct", "abc", Severity::warning},
      {"http://loinc.org", "foo", Severity::warning},
      {"http://www.ama-assn.org/go/cpt", "9", Severity::warning},
      {"http://unitsofmeasure.org", "foo", Severity::warning},
  };
  for (const auto& test : kWrong) {
    EXPECT_TRUE(has(outcome_of(condition(test.system, test.code)),
                    "terminology/format", test.severity))
        << test.system;
  }
  EXPECT_TRUE(
      has(outcome_of(condition("http://hl7.org/fhir/sid/icd-10-cm", "zzz"),
                     strict()),
          "terminology/format", Severity::error));
}

// A code system that is not held is no silent pass.
TEST(BindingTest, WhatIsNotHeldIsSaid) {
  const struct {
    const char* system;
    const char* code;
  } kUnknown[] = {
      {"http://hl7.org/fhir/sid/icd-10-cm", "M54.50"},
      {"http://snomed.info/sct", "22298006"},
      {"http://loinc.org", "8302-2"},
      {"http://www.ama-assn.org/go/cpt", "97110"},
      {"http://unitsofmeasure.org", "mg/dL"},
      {"http://example.org/colors", "red"},
  };
  for (const auto& test : kUnknown) {
    const auto outcome = outcome_of(condition(test.system, test.code));
    EXPECT_TRUE(outcome.acceptable());
    ASSERT_TRUE(
        has(outcome, "terminology/not-checked", fhir::Severity::information))
        << test.system;
    EXPECT_EQ(outcome.findings()[0].expression,
              "Condition.code.coding[0].code");
  }
}

TEST(BindingTest, UnitsAreCodesToo) {
  const auto with_unit = [](const std::string& code) {
    return outcome_of(
        R"({"resourceType":"Observation","status":"final","code":{"text":"x"},)"
        R"("valueQuantity":{"value":1,"system":"http://unitsofmeasure.org",)"
        R"("code":")" +
        code + "\"}}");
  };
  EXPECT_TRUE(
      has(with_unit("foo"), "terminology/format", fhir::Severity::warning));
  EXPECT_TRUE(has(with_unit("kg"), "terminology/not-checked",
                  fhir::Severity::information));
}

TEST(BindingTest, ASystemIsAnAbsoluteUriOfACodeSystem) {
  for (const char* system :
       {"foo", "a/b:c", "http://hl7.org/fhir/ValueSet/administrative-gender"}) {
    EXPECT_TRUE(has(outcome_of(condition(system, "male")), "terminology/system",
                    fhir::Severity::warning))
        << system;
    EXPECT_TRUE(has(outcome_of(condition(system, "male"), strict()),
                    "terminology/system", fhir::Severity::error))
        << system;
  }
  EXPECT_FALSE(has(outcome_of(condition("urn:oid:1.2.3", "x")),
                   "terminology/system", fhir::Severity::warning));
}

// Age and Duration bind their units themselves.
TEST(BindingTest, BindingsOfTypesHold) {
  const auto onset = [](const std::string& unit) {
    return outcome_of(
        R"({"resourceType":"Condition","subject":{"reference":"Patient/1"},)"
        R"("onsetAge":{"value":3,"system":"http://unitsofmeasure.org","code":")" +
        unit + "\"}}");
  };
  EXPECT_TRUE(has(onset("m"), "binding/extensible", fhir::Severity::warning));
  EXPECT_FALSE(has(onset("a"), "binding/extensible", fhir::Severity::warning));
}

}  // namespace
}  // namespace gateway::validate
