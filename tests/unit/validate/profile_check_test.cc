#include "unit/validate/core.h"
#include "validate/checker.h"

namespace gateway::validate {
namespace {

struct Case {
  const char* elements;  // of the differential
  const char* members;   // of a Patient
  Texts expected;
};

TEST(ProfileCheckTest, ChecksWhatAProfileAdds) {
  const Case cases[] = {
      {R"([{"path":"Patient.name","min":1}])", "", {"profile/min at Patient"}},
      {R"([{"path":"Patient.name","max":"0"}])",
       R"(,"name":[{"family":"A"}])",
       {"profile/max at Patient"}},
      {R"([{"path":"Patient.gender","fixedCode":"male"}])",
       R"(,"gender":"female")",
       {"profile/fixed at Patient.gender"}},
      {R"([{"path":"Patient.gender","fixedCode":"male"}])",
       R"(,"gender":"male")",
       {}},
      {R"([{"path":"Patient.maritalStatus",)"
       R"("patternCodeableConcept":{"text":"x"}}])",
       R"(,"maritalStatus":{"text":"y"})",
       {"profile/pattern at Patient.maritalStatus"}},
      {R"([{"path":"Patient.deceased[x]","type":[{"code":"boolean"}]}])",
       R"(,"deceasedDateTime":"2026")",
       {"profile/type at Patient.deceased.ofType(dateTime)"}},
      {R"([{"path":"Patient.name.family","maxLength":3}])",
       R"(,"name":[{"family":"Abcd"}])",
       {"profile/max-length at Patient.name[0].family"}},
      {R"([{"path":"Patient.birthDate","minValueDate":"2000-01-01"}])",
       R"(,"birthDate":"1999-12-31")",
       {"profile/min-value at Patient.birthDate"}},
      {R"([{"path":"Patient.name.given","min":1}])",
       R"(,"name":[{"family":"A"}])",
       {"profile/min at Patient.name[0]"}},
  };
  for (const auto& test : cases) {
    const auto definitions =
        with({profile_text("p", "Patient", test.elements)});
    EXPECT_EQ(errors(R"({"resourceType":"Patient",)" + claims("p") +
                         test.members + "}",
                     definitions),
              test.expected)
        << test.elements;
  }
}

TEST(ProfileCheckTest, ACircleOfProfilesEnds) {
  const auto definitions = with({profile_text(
      "circle", "Patient",
      R"([{"path":"Patient.link.other","type":[{"code":"Reference",)"
      R"("targetProfile":["http://example.org/circle"]}]}])")});
  EXPECT_EQ(
      errors(R"({"resourceType":"Patient",)" + claims("circle") +
                 R"(,"link":[{"other":{"reference":"#"},"type":"refer"}]})",
             definitions),
      Texts{});
}

// Where a profile wants the resource that is referred to.
TEST(ProfileCheckTest, AggregationModesHold) {
  const std::string kContained =
      R"({"resourceType":"Patient",)" + claims("a") +
      R"(,"contained":[{"resourceType":"Organization","id":"o","name":"A"}],)"
      R"("managingOrganization":{"reference":"#o"}})";
  const std::string kElsewhere =
      R"({"resourceType":"Patient",)" + claims("a") +
      R"(,"managingOrganization":{"reference":"Organization/1"}})";
  const std::string kBundled =
      R"({"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":)"
      R"("http://a/Patient/1","resource":{"resourceType":"Patient","id":"1",)" +
      claims("a") +
      R"(,"managingOrganization":{"reference":"Organization/1"}}},{"fullUrl":)"
      R"("http://a/Organization/1","resource":{"resourceType":"Organization",)"
      R"("id":"1","name":"A"}}]})";
  const auto found = [&](const std::string& modes, const std::string& resource,
                         const ValidateOptions& options) {
    const auto definitions = with({profile_text(
        "a", "Patient",
        R"([{"path":"Patient.managingOrganization","type":[{"code":)"
        R"("Reference","targetProfile":)"
        R"(["http://hl7.org/fhir/StructureDefinition/Organization"],)"
        R"("aggregation":[)" +
            modes + "]}]}]")});
    return errors(resource, definitions, options).size();
  };
  auto outside = strict();
  outside.rules.aggregation_outside_bundles = true;
  EXPECT_EQ(found(R"("contained")", kContained, outside), 0U);
  EXPECT_EQ(found(R"("contained")", kElsewhere, outside), 1U);
  EXPECT_EQ(found(R"("contained")", kBundled, {}), 1U);
  EXPECT_EQ(found(R"("bundled")", kContained, {}), 1U);
  EXPECT_EQ(found(R"("bundled")", kBundled, {}), 0U);
  EXPECT_EQ(found(R"("bundled")", kElsewhere, outside), 1U);
  EXPECT_EQ(found(R"("bundled")", kElsewhere, {}), 0U);
  EXPECT_EQ(found(R"("referenced")", kElsewhere, outside), 0U);
  EXPECT_EQ(found(R"("referenced")", kBundled, outside), 0U);
  EXPECT_EQ(found(R"("referenced","bundled")", kContained, outside), 1U);
}

}  // namespace
}  // namespace gateway::validate
