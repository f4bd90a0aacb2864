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

// A code system that is not held is no silent pass.
TEST(BindingTest, WhatIsNotHeldIsSaid) {
  const auto outcome = outcome_of(
      R"({"resourceType":"Observation","status":"final","code":{"text":"x"},)"
      R"("dataAbsentReason":{"text":"x"},"interpretation":[{"text":"x"}],)"
      R"("language":"en-US"})");
  EXPECT_TRUE(outcome.acceptable());
}

}  // namespace
}  // namespace gateway::validate
