#include <gmock/gmock.h>

#include "unit/validate/core.h"
#include "validate/checker.h"

namespace gateway::validate {
namespace {

TEST(InvariantTest, BrokenRulesAreFoundWithTheirSeverity) {
  EXPECT_EQ(errors(R"({"resourceType":"Patient","contact":[{"gender":)"
                   R"("male"}]})"),
            Texts{"invariant/pat-1 at Patient.contact[0]"});
}

// dom-6: a resource without narrative, unless another contains it.
TEST(InvariantTest, GoodPracticeIsSaidAndRefusesNothing) {
  const auto document = parse_shared(
      R"({"resourceType":"Patient","managingOrganization":{"reference":"#o"},)"
      R"("contained":[{"resourceType":"Organization","id":"o","name":"A"}]})",
      core()->keys());
  EXPECT_TRUE(Validator(core()).validate(**document).empty());
  const auto outcome = Validator(core()).validate(**document, strict());
  ASSERT_EQ(outcome.findings().size(), 1U);
  EXPECT_EQ(outcome.findings()[0].rule, "invariant/dom-6");
  EXPECT_EQ(outcome.findings()[0].expression, "Patient");
  EXPECT_EQ(outcome.findings()[0].severity, fhir::Severity::warning);
}

// A period that is open to both readings breaks nothing for those who have to
// work with it.
TEST(InvariantTest, EmptyIsUnknownAtIntake) {
  const std::string kEncounter =
      R"({"resourceType":"Encounter","status":"finished","class":{"code":"x"},)"
      R"("period":{"start":"2026-04-06","end":"2026-04-06T09:00:00Z"}})";
  EXPECT_EQ(errors(kEncounter), Texts{});
  EXPECT_EQ(errors(kEncounter, core(), strict()),
            Texts{"invariant/per-1 at Encounter.period"});
}

TEST(InvariantTest, ResolveMemberOfAndConformsToWork) {
  const auto definitions =
      with({profile_text(
                "i", "Patient",
                R"([{"path":"Patient","constraint":[)"
                R"({"key":"a","severity":"error","human":"a",)"
                R"("expression":"managingOrganization.resolve().name = 'A'"},)"
                R"({"key":"b","severity":"error","human":"b","expression":)"
                "\"gender.memberOf('http://hl7.org/fhir/ValueSet/"
                "administrative-gender')\"},"
                R"({"key":"c","severity":"error","human":"c","expression":)"
                "\"conformsTo('http://example.org/has-name')\"}]}]"),
            profile_text("has-name", "Patient",
                         R"([{"path":"Patient.name","min":1}])")});
  const auto patient = [](const std::string& organization,
                          const std::string& rest) {
    return R"({"resourceType":"Patient",)" + claims("i") +
           R"(,"contained":[{"resourceType":"Organization","id":"o","name":")" +
           organization +
           R"("}],"managingOrganization":{"reference":"#o"},"gender":"male")" +
           rest + "}";
  };
  EXPECT_EQ(errors(patient("A", R"(,"name":[{"family":"F"}])"), definitions),
            Texts{});
  EXPECT_EQ(errors(patient("B", ""), definitions),
            (Texts{"invariant/a at Patient", "invariant/c at Patient"}));
}

TEST(InvariantTest, ConformsToATypeMeansValidAsSuch) {
  const auto definitions = with({profile_text(
      "valid", "Patient",
      R"([{"path":"Patient","constraint":[{"key":"v","severity":"error",)"
      R"("human":"v","expression":)"
      "\"conformsTo('http://hl7.org/fhir/StructureDefinition/"
      "Patient')\"}]}]")});
  const auto patient = [](const std::string& gender) {
    return R"({"resourceType":"Patient",)" + claims("valid") +
           R"(,"gender":")" + gender + "\"}";
  };
  EXPECT_EQ(errors(patient("male"), definitions), Texts{});
  EXPECT_EQ(
      errors(patient("x"), definitions),
      (Texts{"binding/required at Patient.gender", "invariant/v at Patient"}));
}

// R4's own rules use as() on many items (dom-3) and write String for string.
TEST(InvariantTest, ReadsTypesAsR4WritesThem) {
  EXPECT_EQ(errors(R"({"resourceType":"Patient","contained":[{"resourceType":)"
                   R"("Organization","id":"o","name":"A"}]})"),
            Texts{"invariant/dom-3 at Patient"});
  const auto definitions = with({profile_text(
      "as", "Patient",
      R"([{"path":"Patient","constraint":[{"key":"s","severity":"error",)"
      R"("human":"s","expression":)"
      R"("(name.first().family as String) = 'A'"}]}])")});
  const auto patient = [](const std::string& family) {
    return R"({"resourceType":"Patient",)" + claims("as") +
           R"(,"name":[{"family":")" + family + "\"}]}";
  };
  EXPECT_EQ(errors(patient("A"), definitions, strict()), Texts{});
  EXPECT_EQ(errors(patient("B"), definitions, strict()),
            Texts{"invariant/s at Patient"});
}

// Rules that are decided without evaluation say the same as their expressions.
TEST(InvariantTest, RulesDecidedAtSightAreStillRules) {
  const auto patient = [](const std::string& members) {
    return errors(R"({"resourceType":"Patient",)" + members + '}');
  };
  const auto extension = [&](const std::string& members) {
    return patient(R"("extension":[{"url":"http://example.org/x")" + members +
                   "}]");
  };
  EXPECT_EQ(extension(R"(,"valueString":"a")"), Texts());
  EXPECT_EQ(extension(R"(,"extension":[{"url":"a","valueCode":"b"}])"),
            Texts());
  EXPECT_EQ(extension(R"(,"_valueString":{"extension":[{"url":)"
                      R"("http://example.org/y","valueCode":"b"}]})"),
            Texts());
  const Texts neither = {"invariant/ext-1 at Patient.extension[0]"};
  EXPECT_EQ(extension(""), neither);
  EXPECT_EQ(extension(R"(,"valueString":"a","extension":[{"url":"a",)"
                      R"("valueCode":"b"}])"),
            neither);
  const auto link = [&](const std::string& reference) {
    return patient(R"("contained":[{"resourceType":"Organization","id":"o",)"
                   R"("name":"O"}],"managingOrganization":{"reference":")" +
                   reference + "\"}");
  };
  EXPECT_EQ(link("#o"), Texts());
  EXPECT_THAT(
      link("#p"),
      testing::Contains("invariant/ref-1 at Patient.managingOrganization"));
  EXPECT_EQ(patient(R"("text":{"status":"generated","div":"<div xmlns=\")"
                    R"(http://www.w3.org/1999/xhtml\">a</div>"})"),
            Texts());
  EXPECT_THAT(
      patient(R"("text":{"status":"generated","div":"<div xmlns=\")"
              R"(http://www.w3.org/1999/xhtml\"><script>a</script></div>"})"),
      testing::Contains(testing::HasSubstr("invariant/txt-1")));
}

}  // namespace
}  // namespace gateway::validate
