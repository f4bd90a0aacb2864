#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

std::string task(const std::string& outputs,
                 const std::string& status = "completed",
                 const std::string& focus = "ServiceRequest/r1") {
  return "{'resourceType':'Task','id':'t1','status':'" + status +
         "','intent':'order','focus':{'reference':'" + focus + "'},'output':[" +
         outputs + "]}";
}

std::string output(const std::string& value) {
  return "{'type':{'text':'corrected'}," + value + "}";
}

Correction correction_of(const std::string& text) {
  const Read read(text);
  return read_correction(read.reading());
}

TEST(ReadCorrectionTest, TheKindOfTheValueTellsTheElement) {
  const auto read = correction_of(task(
      output("'valueTiming':{'repeat':{'frequency':4,'period':1,'periodUnit':"
             "'wk'}}") +
      "," + output("'valueQuantity':{'value':16}") + "," +
      output("'valueReference':{'reference':'PractitionerRole/md'}") + "," +
      output("'valueReference':{'reference':'Coverage/c2'}") + "," +
      output("'valueReference':{'reference':'Condition/d2'}") + "," +
      output("'valueCodeableConcept':{'coding':[{'system':"
             "'https://workgate.example/fhir/CodeSystem/program','code':"
             "'work-hardening'}]}") +
      "," +
      output("'valueCodeableConcept':{'coding':[{'system':"
             "'http://hl7.org/fhir/sid/icd-10-cm','code':'M54.50'}]}")));
  EXPECT_EQ(read.referral, "ServiceRequest/r1");
  ASSERT_TRUE(read.frequency.has_value());
  EXPECT_EQ(read.frequency->low, 4000);
  EXPECT_EQ(read.ordered_visits, 16);
  EXPECT_EQ(read.requester, "PractitionerRole/md");
  EXPECT_EQ(read.insurance, std::vector<std::string>{"Coverage/c2"});
  EXPECT_EQ(read.conditions, std::vector<std::string>{"Condition/d2"});
  EXPECT_EQ(read.program, Program::work_hardening);
  ASSERT_EQ(read.diagnoses.size(), 1U);
  EXPECT_EQ(read.diagnoses[0].icd10, "M54.50");
  EXPECT_EQ(read.references.size(), 3U);
  EXPECT_FALSE(read.says_nothing());
}

TEST(ReadCorrectionTest, AnotherOrderIsTheOneThatCounts) {
  const auto read = correction_of(
      task(output("'valueReference':{'reference':'ServiceRequest/r2'}")));
  EXPECT_EQ(read.successor, "ServiceRequest/r2");
}

TEST(ReadCorrectionTest, WhatIsRefusedOrAboutSomethingElseSaysNothing) {
  const auto quantity = output("'valueQuantity':{'value':16}");
  EXPECT_TRUE(correction_of(task(quantity, "rejected")).says_nothing());
  EXPECT_TRUE(correction_of(task(quantity, "completed", "Procedure/s1"))
                  .says_nothing());
  EXPECT_TRUE(correction_of(task("")).says_nothing());
}

}  // namespace
}  // namespace gateway::episode
