#include "map/outward_check.h"

#include <gtest/gtest.h>

#include "unit/map/outward_library.h"

namespace gateway::map {
namespace {

struct Row {
  const char* name;
  const char* lines;
  const char* problem;
};

class OutwardCheckTest : public testing::TestWithParam<Row> {};

TEST_P(OutwardCheckTest, IsFoundWhenTheMapIsLoaded) {
  if (r4() == nullptr) GTEST_SKIP() << "the definitions image was not built";
  const auto class_line =
      std::string("    class: { system: =urn:s, code: =AMB }\n");
  const auto loaded =
      load_library(visit_files(class_line + GetParam().lines), r4());
  const auto problems = problems_of(loaded);
  EXPECT_EQ(problems.substr(0, problems.find('\n')), GetParam().problem);
}

const Row kRows[] = {
    {"UnknownField", "    subject: { reference: patent }\n",
     "v.yaml:12:27: a visit has no \"patent\"; did you mean patient?"},
    {"UnknownFieldOfAnItem",
     "    participant:\n      - $each: performers\n        individual:\n"
     "          reference: acter\n",
     "v.yaml:15:22: a performer has no \"acter\"; did you mean actor?"},
    {"UnknownFieldInFhirPath",
     "    subject: { reference: performers.where(actr = 'x').first().actor }\n",
     "v.yaml:12:27: a visit has no \"actr\""},
    {"UnknownSetting", "    subject: { reference: \"%nosuch\" }\n",
     "v.yaml:12:27: there is no setting \"nosuch\""},
    {"UnknownSettingInAFormula",
     "    subject: { reference: \"iif(patient = 'x', %nosuch, patient)\" }\n",
     "v.yaml:12:27: there is no setting \"nosuch\""},
    {"UnknownElement", "    subjekt: { reference: patient }\n",
     "v.yaml:12:5: Encounter is a Encounter and has no \"subjekt\"; did you "
     "mean subject?"},
    {"KindThatCannotBe", "    period: { start: minutes }\n",
     "v.yaml:12:22: Encounter.period.start cannot be written from a whole "
     "number"},
    {"NobodyToCorrect",
     "    subject:\n      reference: { $from: patient, $onMissing: correct }\n",
     "v.yaml:13:18: Encounter.subject.reference: what is emitted holds no "
     "message: say omit, skip or another value"},
    {"NothingToReferTo",
     "    subject:\n      $match: Patient\n      value: patient\n",
     "v.yaml:13:7: Encounter.subject: a map of a visit has nothing else to "
     "refer to: write the reference of a field"},
    {"NoPlaceToStandOn",
     "    participant:\n      - $each: performers.where(actor = 'x')\n"
     "        individual: { display: =x }\n",
     "v.yaml:13:16: only a path, first() or a part of a document can be "
     "stood on"},
};
INSTANTIATE_TEST_SUITE_P(Rows, OutwardCheckTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

std::string problems_with(const std::string& emit) {
  return problems_of(load_library(
      {{"v.yaml", "map: v\nversion: '1'\nsource: visit\nemit:\n" + emit}},
      nullptr));
}

TEST(OutwardCheckTest, WhatTheGatewayLooksForMustBeWritten) {
  const auto problems = problems_with(
      "  e:\n    resourceType: Encounter\n    id: id\n    status: =finished\n");
  EXPECT_EQ(problems,
            "v.yaml:6:5: the gateway looks for key at "
            "Encounter.identifier.value: write it there\n"
            "v.yaml:6:5: the gateway looks for status at Encounter.status: "
            "write it there\n");
}

TEST(OutwardCheckTest, GivesExactlyOneResourceOfItsType) {
  EXPECT_NE(problems_with("  e: { resourceType: Claim }\n")
                .find("a visit becomes a Encounter"),
            std::string::npos);
  const auto two =
      problems_with(std::string("  e:\n") + kVisitHead + "  f:\n" + kVisitHead);
  EXPECT_NE(two.find("exactly one resource"), std::string::npos) << two;
}

TEST(OutwardCheckTest, DocumentsAreKnownByName) {
  const auto loaded = load_library(
      {{"v.yaml", "map: v\nversion: '1'\nsource: visits\nemit:\n  e:\n" +
                      std::string(kVisitHead)}},
      nullptr);
  EXPECT_NE(problems_of(loaded).find(
                "v.yaml:3:9: there is no document \"visits\"; did you mean "
                "visit?"),
            std::string::npos)
      << problems_of(loaded);
}

TEST(OutwardCheckTest, AReferenceOrTheReasonWhyThereIsNoneIsCertain) {
  if (r4() == nullptr) GTEST_SKIP() << "the definitions image was not built";
  const auto participant = [](const std::string& absent) {
    return "    class: { system: =urn:s, code: =AMB }\n"
           "    location:\n      - location:\n          reference: location\n"
           "          extension:\n            - url: =urn:absent\n"
           "              valueCode: " +
           absent + "\n        status: =active\n";
  };
  EXPECT_EQ(
      problems_of(load_library(
          visit_files(participant("iif(location.empty(), 'unknown')")), r4())),
      "");
  EXPECT_NE(
      problems_of(load_library(
          visit_files(participant("iif(provider.empty(), 'unknown')")), r4())),
      "");
}

}  // namespace
}  // namespace gateway::map
