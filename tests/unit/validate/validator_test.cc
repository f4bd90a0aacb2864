#include "validate/validator.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

// Ten defects of everyday data, each found at its place.
TEST(ValidatorTest, FindsTenPlantedDefects) {
  const struct {
    const char* resource;
    const char* expected;
  } kCases[] = {
      {R"({"resourceType":"Patient","gender":"femal"})",
       "binding/required at Patient.gender"},
      {R"({"resourceType":"Patient","contact":[{"gender":"male"}]})",
       "invariant/pat-1 at Patient.contact[0]"},
      {R"({"resourceType":"ServiceRequest","status":"active",)"
       R"("intent":"order"})",
       "structure/min at ServiceRequest"},
      {R"({"resourceType":"Patient","nmae":[{"family":"A"}]})",
       "structure/unknown-element at Patient"},
      {R"({"resourceType":"Patient","name":{"family":"A"}})",
       "structure/kind at Patient.name"},
      {R"({"resourceType":"Patient","birthDate":"1990-13-01"})",
       "structure/format at Patient.birthDate"},
      {R"({"resourceType":"ServiceRequest","status":"active",)"
       R"("intent":"order","subject":{"reference":"Practitioner/1"}})",
       "reference/type at ServiceRequest.subject"},
      {R"({"resourceType":"Patient","deceasedBoolean":true,)"
       R"("deceasedDateTime":"2026-01-01"})",
       "structure/choice at Patient.deceased.ofType(dateTime)"},
      {R"({"resourceType":"Patient","managingOrganization":)"
       R"({"reference":"#org"}})",
       "reference/contained at Patient.managingOrganization"},
      {R"({"resourceType":"Patient","gender":["male"]})",
       "structure/kind at Patient.gender"},
  };
  for (const auto& test : kCases) {
    const auto found = errors(test.resource);
    EXPECT_NE(std::find(found.begin(), found.end(), test.expected), found.end())
        << test.resource << " has " << ::testing::PrintToString(found);
  }
}

TEST(ValidatorTest, AProfileThatIsNotLoadedIsSaidAndRefusesNothing) {
  const auto document =
      parse_shared(R"({"resourceType":"Patient",)" + claims("unknown") + "}",
                   core()->keys());
  const auto outcome = Validator(core()).validate(**document);
  EXPECT_TRUE(outcome.acceptable());
  EXPECT_EQ(outcome.findings().back().rule, "profile/not-loaded");
}

TEST(ValidatorTest, AProfileInAnotherVersionIsSaid) {
  const auto findings = [](const std::string& version) {
    const auto document = parse_shared(
        R"({"resourceType":"Patient","text":{"status":"generated","div":)"
        R"("<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"meta":)"
        R"({"profile":["http://hl7.org/fhir/StructureDefinition/Patient|)" +
            version + R"("]}})",
        core()->keys());
    return Validator(core()).validate(**document).findings();
  };
  EXPECT_TRUE(findings("4.0.1").empty());
  const auto other = findings("9.9");
  ASSERT_EQ(other.size(), 1U);
  EXPECT_EQ(other[0].rule, "profile/other-version");
  EXPECT_EQ(other[0].severity, fhir::Severity::information);
  EXPECT_EQ(other[0].expression, "Patient.meta.profile[0]");
}

TEST(ValidatorTest, HoldsAResourceAgainstTheProfilesThatTheCallerNames) {
  const auto definitions = with({profile_text(
      "named", "Patient", R"([{"path":"Patient.birthDate","min":1}])")});
  ValidateOptions options;
  options.profiles = {"http://example.org/named"};
  EXPECT_EQ(errors(R"({"resourceType":"Patient"})", definitions, options),
            Texts{"profile/min at Patient"});
  EXPECT_EQ(errors(R"({"resourceType":"Patient"})", definitions), Texts{});
}

}  // namespace
}  // namespace gateway::validate
