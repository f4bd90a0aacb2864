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

}  // namespace
}  // namespace gateway::validate
