#include "unit/validate/core.h"
#include "validate/checker.h"

namespace gateway::validate {
namespace {

TEST(InvariantTest, BrokenRulesAreFoundWithTheirSeverity) {
  EXPECT_EQ(errors(R"({"resourceType":"Patient","contact":[{"gender":)"
                   R"("male"}]})"),
            Texts{"invariant/pat-1 at Patient.contact[0]"});
  // dom-6 is good practice, and no more: a resource without narrative.
  const auto document =
      parse_shared(R"({"resourceType":"Patient"})", core()->keys());
  EXPECT_TRUE(Validator(core()).validate(**document).empty());
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

}  // namespace
}  // namespace gateway::validate
