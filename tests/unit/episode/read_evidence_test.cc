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
  const Read episode(
      "{'resourceType':'EpisodeOfCare','status':'finished','period':{'end':"
      "'2026-05-08'},'extension':[{'url':'https://workgate.example/fhir/"
      "StructureDefinition/discharge-reason','valueCode':'goals-met'}]}");
  const auto read = read_evidence(episode.reading());
  EXPECT_EQ(read.reason, "goals-met");
  EXPECT_EQ(read.until->text(), "2026-05-08");
}

}  // namespace
}  // namespace gateway::episode
