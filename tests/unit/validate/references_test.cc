#include "validate/references.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

TEST(ReferencesTest, NamesTheTypeOfLiteralReferences) {
  EXPECT_EQ(literal_type("Patient/1"), "Patient");
  EXPECT_EQ(literal_type("http://a/b/Patient/1/_history/2"), "Patient");
  EXPECT_EQ(literal_type("urn:uuid:1"), "");
  EXPECT_EQ(literal_type("#p"), "");
  EXPECT_EQ(literal_type("Patient"), "");
  EXPECT_EQ(literal_type("Patient/a b"), "");
}

std::string bundle(const std::string& reference, const std::string& url) {
  return R"({"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":)"
         R"("http://a/fhir/Observation/1","resource":{"resourceType":)"
         R"("Observation","id":"1","status":"final","code":{"text":"x"},)"
         R"("subject":{"reference":")" +
         reference + R"("}}},{"fullUrl":")" + url +
         R"(","resource":{"resourceType":"Organization","id":"2",)"
         R"("name":"A"}}]})";
}

// An Organization is no subject: found only where the reference leads to it.
TEST(ReferencesTest, ResolvesWithinBundlesByFullUrl) {
  const Texts kFound{"reference/type at Bundle.entry[0].resource.subject"};
  const std::string kHere = "http://a/fhir/Organization/2";
  EXPECT_EQ(errors(bundle("http://a/fhir/Organization/2", kHere)), kFound);
  EXPECT_EQ(errors(bundle("Organization/2", kHere)), kFound);
  EXPECT_EQ(errors(bundle("urn:uuid:00000000-0000-4000-8000-000000000002",
                          "urn:uuid:00000000-0000-4000-8000-000000000002")),
            kFound);
  EXPECT_EQ(errors(bundle("urn:uuid:00000000-0000-4000-8000-000000000003",
                          "urn:uuid:00000000-0000-4000-8000-000000000002")),
            Texts{});
}

std::string observation(const std::string& subject) {
  return R"({"resourceType":"Observation","status":"final","code":{"text":)"
         R"("x"},"subject":)" +
         subject + "}";
}

// "severity rule" of each finding but dom-6.
Texts said_of(const std::string& literal) {
  const auto document = parse_shared(
      observation(R"({"reference":")" + literal + "\"}"), core()->keys());
  Texts said;
  const auto outcome = Validator(core()).validate(**document);
  for (const auto& finding : outcome.findings()) {
    if (finding.rule == "invariant/dom-6") continue;
    said.push_back(std::string(code(finding.severity)) + ' ' + finding.rule);
  }
  return said;
}

TEST(ReferencesTest, RelativeReferencesHaveATypeAndAnId) {
  EXPECT_EQ(said_of("Foo/1"), Texts{"error reference/literal"});
  for (const char* literal : {"Patient/a_b", "Patient/", "Patient", "denom",
                              "Foo?identifier=1", "Patient/1/2"}) {
    EXPECT_EQ(said_of(literal), Texts{"warning reference/literal"}) << literal;
  }
  for (const char* literal :
       {"Patient/1", "Patient/1/_history/2", "Patient?identifier=1",
        "urn:uuid:00000000-0000-4000-8000-000000000002",
        "https://example.org/files/1", "https://example.org/Patient/1"}) {
    EXPECT_EQ(said_of(literal), Texts{}) << literal;
  }
}

// An absolute URL need not be that of a FHIR server.
TEST(ReferencesTest, ATypeThatDoesNotExistIsDoubtfulInAUrl) {
  const auto text =
      observation(R"({"reference":"https://example.org/Chicken/example"})");
  EXPECT_EQ(errors(text), Texts{});
  EXPECT_EQ(errors(text, core(), strict()),
            Texts{"reference/literal at Observation.subject"});
}

TEST(ReferencesTest, TheStatedTypeIsThatOfTheTarget) {
  const Texts kFound{"reference/type at Observation.subject"};
  EXPECT_EQ(errors(observation(R"({"reference":"Patient/1","type":"Group"})")),
            kFound);
  EXPECT_EQ(errors(observation(R"({"type":"Medication","display":"x"})")),
            kFound);
  for (const char* good :
       {R"({"reference":"Patient/1","type":"Patient"})",
        R"({"type":"http://hl7.org/fhir/StructureDefinition/Patient",)"
        R"("display":"x"})",
        R"({"reference":"urn:uuid:00000000-0000-4000-8000-000000000002",)"
        R"("type":"Patient"})"}) {
    EXPECT_EQ(errors(observation(good)), Texts{}) << good;
  }
}

TEST(ReferencesTest, ContainedResourcesNeedIdsThatDiffer) {
  EXPECT_EQ(
      errors(R"({"resourceType":"Patient","contained":[{"resourceType":)"
             R"("Organization","name":"A","id":"o"},{"resourceType":)"
             R"("Organization","name":"B","id":"o"}],"managingOrganization":)"
             R"({"reference":"#o"}})"),
      Texts{"reference/contained-id at Patient.contained[1].id"});
}

}  // namespace
}  // namespace gateway::validate
