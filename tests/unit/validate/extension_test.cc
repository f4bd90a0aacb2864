#include "unit/validate/core.h"
#include "validate/checker.h"

namespace gateway::validate {
namespace {

std::string patient(const std::string& extension) {
  return R"({"resourceType":"Patient","extension":[)" + extension + "]}";
}

struct Case {
  const char* extension;
  Texts expected;
};

TEST(ExtensionTest, UrlContextAndContent) {
  const std::string kBirthPlace =
      "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
  EXPECT_EQ(errors(patient(R"({"url":")" + kBirthPlace +
                           R"(","valueAddress":{"city":"A"}})")),
            Texts{});
  EXPECT_EQ(
      errors(patient(R"({"url":")" + kBirthPlace + R"(","valueString":"A"})")),
      Texts{"profile/type at Patient.extension[0]"});
  EXPECT_EQ(errors(R"({"resourceType":"Organization","name":"A","extension":)"
                   R"([{"url":")" +
                   kBirthPlace + R"(","valueAddress":{"city":"A"}}]})"),
            Texts{"extension/context at Organization"});
  const Case cases[] = {
      {R"({"url":"relative","valueString":"A"})",
       {"extension/url at Patient.extension[0]"}},
      {R"({"url":"http://hl7.org/fhir/StructureDefinition/Patient",)"
       R"("valueString":"A"})",
       {"extension/url at Patient.extension[0]"}},
      {R"({"url":"http://example.org/unknown","valueString":"A"})", {}},
      {R"({"url":"http://example.org/unknown"})",
       {"invariant/ext-1 at Patient.extension[0]"}},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(errors(patient(test.extension)), test.expected) << test.extension;
  }
}

// Those who judge data want to know each extension; HL7 publishes its own apart
// from the version, and examples may invent some.
TEST(ExtensionTest, RigorDecidesAboutUnknownOnes) {
  const auto unknown = [](const std::string& url) {
    return patient(R"({"url":")" + url + R"(","valueString":"A"})");
  };
  const auto ours = unknown("http://somebody.de/age");
  EXPECT_EQ(errors(ours), Texts{});
  EXPECT_EQ(errors(ours, core(), strict()),
            Texts{"extension/unknown at Patient.extension[0]"});
  for (const auto* url : {"http://hl7.org/fhir/StructureDefinition/new-one",
                          "http://hl7.org/fhir/5.0/StructureDefinition/x",
                          "http://example.org/x"}) {
    EXPECT_EQ(errors(unknown(url), core(), strict()), Texts{}) << url;
  }
  auto options = strict();
  options.rules.example_urls_allowed = false;
  EXPECT_EQ(errors(unknown("http://example.org/x"), core(), options).size(),
            2U);
}

TEST(ExtensionTest, PartsAreThoseOfTheDefinition) {
  const std::string kNationality =
      R"({"url":"http://hl7.org/fhir/StructureDefinition/)"
      R"(patient-nationality","extension":[{"url":"cod",)"
      R"("valueCodeableConcept":{"text":"A"}}]})";
  EXPECT_EQ(errors(patient(kNationality)), Texts{});
  EXPECT_EQ(errors(patient(kNationality), core(), strict()),
            Texts{"extension/part at Patient.extension[0].extension[0]"});
}

}  // namespace
}  // namespace gateway::validate
