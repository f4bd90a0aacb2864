#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

TEST(ReadEvidenceTest, DocumentsByTheirTypes) {
  const Read note(
      "{'resourceType':'Composition','status':'final','type':{'coding':[{"
      "'system':'http://loinc.org','code':'11508-9'}]},'date':"
      "'2026-04-20T10:00:00Z','section':[{},{}],'author':[{'reference':"
      "'Practitioner/1'}]}");
  const auto read = read_evidence(note.reading());
  EXPECT_EQ(read.kind, "progress-note");
  EXPECT_EQ(read.parts, 2);
  EXPECT_TRUE(read.by_practitioner);
  EXPECT_FALSE(read.by_patient);
  EXPECT_EQ(read.date->text(), "2026-04-20");
}

TEST(ReadEvidenceTest, AllEncountersOfADocument) {
  const Read sheet(
      "{'resourceType':'DocumentReference','status':'current','context':{"
      "'encounter':[{'reference':'Encounter/1'},{'reference':"
      "'Encounter/2'}]}}");
  EXPECT_EQ(read_evidence(sheet.reading()).encounters,
            (std::vector<std::string>{"Encounter/1", "Encounter/2"}));
}

TEST(ReadEvidenceTest, MeasuresAndDischarges) {
  const Read measure(
      "{'resourceType':'Observation','code':{'coding':[{'code':"
      "'job-match-percent'}]},'valueQuantity':{'value':72.6}}");
  EXPECT_EQ(read_evidence(measure.reading()).value, 72600);
  EXPECT_FALSE(read_evidence(measure.reading()).at);
  const Read timed(
      "{'resourceType':'Observation','effectiveDateTime':"
      "'2026-04-06T09:00:00-05:00'}");
  EXPECT_EQ(read_evidence(timed.reading()).at,
            parse_instant("2026-04-06T14:00:00Z"));
  const Read episode(
      "{'resourceType':'EpisodeOfCare','status':'finished','period':{'end':"
      "'2026-05-08'},'extension':[{'url':'https://workgate.example/fhir/"
      "StructureDefinition/discharge-reason','valueCode':'goals-met'}]}");
  const auto read = read_evidence(episode.reading());
  EXPECT_EQ(read.reason, "goals-met");
  EXPECT_EQ(read.until->text(), "2026-05-08");
}

// The five reasons of policy 481 (O28), as they are coded.
TEST(ReadEvidenceTest, ADischargeIsForOneOfFiveReasons) {
  const auto reason = [](const std::string& value) {
    const Read episode(
        "{'resourceType':'EpisodeOfCare','status':'finished','extension':[{"
        "'url':'https://workgate.example/fhir/StructureDefinition/"
        "discharge-reason'," +
        value + "}]}");
    return read_evidence(episode.reading()).reason;
  };
  EXPECT_EQ(reason("'valueCode':'plateau'"), "plateau");
  EXPECT_EQ(reason("'valueCode':'bogus'"), "");
  EXPECT_EQ(reason("'valueCodeableConcept':{'coding':[{'system':'urn:other',"
                   "'code':'plateau'},{'system':'https://workgate.example/fhir/"
                   "CodeSystem/discharge-reason','code':'goals-met'}]}"),
            "goals-met");
}

TEST(ReadEvidenceTest, ADemandLevelIsReadByItsDisplayToo) {
  const Read level(
      "{'resourceType':'Observation','status':'final',"
      "'valueCodeableConcept':{'coding':[{'code':'M','display':'Medium'}]}}");
  EXPECT_EQ(read_evidence(level.reading()).value_words, "medium");
}

// Within a Bundle that is not stored, a URN names anybody.
TEST(ReadEvidenceTest, WhoSignedAPageIsKnownByTheSubject) {
  const Read page(
      "{'resourceType':'DocumentReference','status':'current','subject':{"
      "'reference':'urn:uuid:1'},'author':[{'reference':'urn:uuid:1'},{"
      "'reference':'urn:uuid:2'}]}");
  const auto read = read_evidence(page.reading());
  EXPECT_TRUE(read.by_patient);
  EXPECT_TRUE(read.by_practitioner);
}

TEST(ReadEvidenceTest, AttestationsStandInGroupsToo) {
  const Read response(
      "{'resourceType':'QuestionnaireResponse','status':'completed','item':[{"
      "'linkId':'g','item':[{'linkId':'pack/A21','answer':[{'valueBoolean':"
      "true}]},{'linkId':'pack/A22','answer':[{'valueBoolean':false}]}]},{"
      "'linkId':'lift','answer':[{'valueInteger':20}]}]}");
  const auto read = read_evidence(response.reading());
  ASSERT_EQ(read.attestations.size(), 2U);
  EXPECT_EQ(read.attestations[0].rule, "pack/A21");
  EXPECT_TRUE(read.attestations[0].holds);
  EXPECT_FALSE(read.attestations[1].holds);
  EXPECT_EQ(read.answers, 1);
}

TEST(ReadEvidenceTest, AWorkStatusIsReadByAnyOfItsWords) {
  const auto idle = [](const std::string& value) {
    const Read status("{'resourceType':'Observation','status':'final'," +
                      value + "}");
    return read_evidence(status.reading()).not_working;
  };
  EXPECT_TRUE(
      idle("'valueCodeableConcept':{'coding':[{'code':'LA17956-6',"
           "'display':'Unemployed'}]}"));
  EXPECT_TRUE(
      idle("'valueCodeableConcept':{'coding':[{'code':'x'},{'code':"
           "'not-working'}]}"));
  EXPECT_TRUE(idle("'valueCodeableConcept':{'text':'Off work'}"));
  EXPECT_TRUE(idle("'valueString':'Not working'"));
  EXPECT_FALSE(idle("'valueCodeableConcept':{'text':'Employed'}"));
}

TEST(ReadEvidenceTest, APlanNamesWhatItIsFor) {
  const auto plan = [](const std::string& more) {
    const Read sent("{'resourceType':'CarePlan','status':'active'" + more +
                    "}");
    return read_evidence(sent.reading());
  };
  EXPECT_FALSE(plan("").plans_other);
  EXPECT_FALSE(plan(",'title':'Plan of care'").plans_other);
  EXPECT_TRUE(plan(",'title':'Diabetes self-management'").plans_other);
  EXPECT_FALSE(plan(",'title':'Spring','category':[{'coding':[{'system':"
                    "'https://workgate.example/fhir/CodeSystem/program',"
                    "'code':'work-conditioning'}]}]")
                   .plans_other);
  EXPECT_EQ(plan(",'addresses':[{'reference':'Condition/d1'}]").addresses,
            std::vector<std::string>{"Condition/d1"});
}

}  // namespace
}  // namespace gateway::episode
