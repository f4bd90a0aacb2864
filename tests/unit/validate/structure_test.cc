#include "validate/structure.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

struct Case {
  const char* resource;
  Texts expected;
};

TEST(StructureTest, FindsEachDefectAtItsPlace) {
  const Case cases[] = {
      {R"({"resourceType":"Patient","active":true})", {}},
      {R"({"resourceType":"Patient","actve":true})",
       {"structure/unknown-element at Patient"}},
      {R"({"resourceType":"Patient","name":{"family":"A"}})",
       {"structure/kind at Patient.name"}},
      {R"({"resourceType":"Patient","gender":["male"]})",
       {"structure/kind at Patient.gender"}},
      {R"({"resourceType":"Patient","active":"true"})",
       {"structure/kind at Patient.active"}},
      {R"({"resourceType":"Patient","birthDate":"2026-02-30"})",
       {"structure/format at Patient.birthDate"}},
      {R"({"resourceType":"Patient","name":[]})",
       {"structure/empty at Patient.name"}},
      {R"({"resourceType":"Patient","maritalStatus":{}})",
       {"structure/empty at Patient.maritalStatus"}},
      {R"({"resourceType":"Patient","deceasedBoolean":false,)"
       R"("deceasedDateTime":"2026"})",
       {"structure/choice at Patient.deceased.ofType(dateTime)"}},
      {R"({"resourceType":"Patient","name":[{"given":["A",null],)"
       R"("_given":[null,{"extension":[{"url":"http://a","valueCode":"b"}]}]}]})",
       {}},
      {R"({"resourceType":"Patient","name":[{"given":["A"],)"
       R"("_given":[{"id":"x"},null]}]})",
       {"structure/sibling at Patient.name[0].given"}},
      {R"({"resourceType":"Basic"})", {"structure/min at Basic"}},
      {R"({"resourceType":"Nothing"})",
       {"structure/resource-type at Nothing.resourceType"}},
      {R"({"resourceType":"Patient","contained":[{"resourceType":"Basic",)"
       R"("id":"b"}],"generalPractitioner":[{"reference":"#b"}]})",
       {"structure/min at Patient.contained[0]",
        "reference/type at Patient.generalPractitioner[0]"}},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(errors(test.resource), test.expected) << test.resource;
  }
}

TEST(StructureTest, AnIdAloneMakesNoElement) {
  const Case cases[] = {
      {R"({"resourceType":"Patient","name":[{"id":"x"}]})",
       {"invariant/ele-1 at Patient.name[0]"}},
      {R"({"resourceType":"Patient","maritalStatus":{"id":"x"}})",
       {"invariant/ele-1 at Patient.maritalStatus"}},
      {R"({"resourceType":"Patient","managingOrganization":{"id":"x"}})",
       {"invariant/ele-1 at Patient.managingOrganization"}},
      {R"({"resourceType":"Patient","_birthDate":{"id":"x"}})",
       {"invariant/ele-1 at Patient.birthDate"}},
      {R"({"resourceType":"Patient","birthDate":"2026",)"
       R"("_birthDate":{"id":"x"}})",
       {}},
      {R"({"resourceType":"Patient","name":[{"_given":[{"id":"x"}]}]})",
       {"invariant/ele-1 at Patient.name[0].given[0]"}},
      {R"({"resourceType":"Patient","name":[{"id":"x","family":"A"}]})", {}},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(errors(test.resource), test.expected) << test.resource;
  }
}

TEST(StructureTest, ATimeWithoutAnOffsetHasItsOwnRule) {
  EXPECT_EQ(errors(R"({"resourceType":"Patient",)"
                   R"("deceasedDateTime":"2026-04-06T13:00:00"})"),
            Texts{"time/no-offset at Patient.deceased.ofType(dateTime)"});
}

TEST(StructureTest, SuggestsTheNearestName) {
  const auto document = parse_shared(
      R"({"resourceType":"Patient","birthdate":"2026-01-01"})", core()->keys());
  const auto outcome = Validator(core()).validate(**document);
  ASSERT_FALSE(outcome.empty());
  EXPECT_EQ(outcome.findings()[0].remedy, "did you mean birthDate?");
  ASSERT_TRUE(outcome.findings()[0].span);
  EXPECT_EQ(outcome.findings()[0].span->begin, 38U);
}

TEST(StructureTest, TellsAllDefectsInOneAnswer) {
  EXPECT_EQ(
      errors(R"({"resourceType":"Patient","a":1,"b":2,"gender":3})").size(),
      3U);
}

}  // namespace
}  // namespace gateway::validate
