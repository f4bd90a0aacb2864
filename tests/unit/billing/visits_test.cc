// Local dates, midnight, daylight saving, and instants written in UTC.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;

class TimeTest : public ::testing::Test {
 protected:
  TimeTest() {
    clinic_.store_parties();
    clinic_.post(order_json({}));
    clinic_.post(grant_json({.created = "2026-01-02T10:00:00-06:00",
                             .from = "2026-01-05",
                             .to = "2026-11-30",
                             .visits = "20"}));
    clinic_.now_ = *parse_instant("2026-12-31T00:00:00Z");
  }
  void attend(const std::string& id, const std::string& start,
              const std::string& end) {
    clinic_.post(session_json({.id = id, .start = start, .end = end}));
  }
  std::vector<std::string> dates() {
    std::vector<std::string> found;
    for (const auto& visit : clinic_.plan().visits) {
      found.push_back(visit.date.text() + " " +
                      std::to_string(visit.time.minutes));
    }
    return found;
  }
  Clinic clinic_;
};

TEST_F(TimeTest, ALunchBreakPoolsTwoSegments) {
  attend("s1", "2026-04-14T08:00:00-05:00", "2026-04-14T10:20:00-05:00");
  attend("s2", "2026-04-14T11:05:00-05:00", "2026-04-14T13:15:00-05:00");
  EXPECT_THAT(dates(), ElementsAre("2026-04-14 270"));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x2 394.00 PA-7001"));
}

TEST_F(TimeTest, SecondsAreFlooredOncePerDate) {
  attend("s1", "2026-04-14T08:00:00-05:00", "2026-04-14T09:15:30-05:00");
  attend("s2", "2026-04-14T10:00:00-05:00", "2026-04-14T11:15:45-05:00");
  EXPECT_THAT(dates(), ElementsAre("2026-04-14 151"));
}

TEST_F(TimeTest, HalfAMinuteShortOfTheNextUnitStaysShort) {
  attend("s1", "2026-04-14T08:00:00-05:00", "2026-04-14T10:30:30-05:00");
  EXPECT_THAT(clinic_.claims(), ElementsAre("active 97545x1 210.00 PA-7001"));
}

TEST_F(TimeTest, TheDateOfServiceIsTheFacilitysOwn) {
  // 19:30 of the 14th in Chicago.
  attend("s1", "2026-04-15T00:30:00Z", "2026-04-15T03:00:00Z");
  EXPECT_THAT(dates(), ElementsAre("2026-04-14 150"));
}

TEST_F(TimeTest, TheLocationsZoneComesBeforeTheSites) {
  clinic_.store(
      "{'resourceType':'Location','id':'l1','extension':[{'url':"
      "'https://workgate.example/fhir/StructureDefinition/timezone',"
      "'valueCode':'America/Los_Angeles'}],'managingOrganization':{"
      "'reference':'Organization/clinic'}}");
  attend("s1", "2026-04-15T05:30:00Z", "2026-04-15T06:30:00Z");
  EXPECT_THAT(dates(), ElementsAre("2026-04-14 60"));
}

TEST_F(TimeTest, ASessionOverMidnightKeepsItsDate) {
  attend("s1", "2026-04-14T22:30:00-05:00", "2026-04-15T01:00:00-05:00");
  EXPECT_THAT(dates(), ElementsAre("2026-04-14 150"));
}

TEST_F(TimeTest, ASessionCutAtMidnightIsOneSession) {
  attend("s1", "2026-04-14T22:30:00-05:00", "2026-04-15T00:00:00-05:00");
  attend("s2", "2026-04-15T00:00:00-05:00", "2026-04-15T01:00:00-05:00");
  EXPECT_THAT(dates(), ElementsAre("2026-04-14 150"));
  attend("s3", "2026-04-15T08:00:00-05:00", "2026-04-15T10:00:00-05:00");
  EXPECT_THAT(dates(), ElementsAre("2026-04-14 150", "2026-04-15 120"));
}

TEST_F(TimeTest, SpringForwardLosesAnHourOnTheClockOnly) {
  // 2026-03-08, 02:00 becomes 03:00.
  attend("s1", "2026-03-08T00:30:00-06:00", "2026-03-08T04:00:00-05:00");
  EXPECT_THAT(dates(), ElementsAre("2026-03-08 150"));
}

TEST_F(TimeTest, FallBackGainsAnHourOnTheClockOnly) {
  // 2026-11-01, 02:00 becomes 01:00.
  attend("s1", "2026-11-01T00:30:00-05:00", "2026-11-01T02:00:00-06:00");
  EXPECT_THAT(dates(), ElementsAre("2026-11-01 150"));
}

TEST_F(TimeTest, TheLastAuthorizedDayIsALocalDay) {
  // 22:30 on the last day in Chicago, the day after in UTC.
  attend("s1", "2026-12-01T02:30:00Z", "2026-12-01T04:30:00Z");
  EXPECT_THAT(clinic_.claims(), ElementsAre("active 97545x1 210.00 PA-7001"));
  attend("s2", "2026-12-01T14:30:00Z", "2026-12-01T16:30:00Z");
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/s2 obtain-authorization: "
                          "ledger/expired"));
}

TEST_F(TimeTest, LeaveDuringAnEncounterIsNotAttended) {
  clinic_.post(
      "{'resourceType':'Encounter','id':'e1','identifier':[{'system':'urn:ehr',"
      "'value':'e1'}],'status':'finished','class':{'code':'AMB'},"
      "'statusHistory':[{'status':'onleave','period':{'start':"
      "'2026-04-14T10:00:00-05:00','end':'2026-04-14T10:45:00-05:00'}}],"
      "'basedOn':[{'reference':'ServiceRequest/r1'}],'subject':{'reference':"
      "'Patient/p1'},'participant':[{'individual':{'reference':"
      "'Practitioner/therapist'}}],'location':[{'location':{'reference':"
      "'Location/l1'}}],'period':{'start':'2026-04-14T08:00:00-05:00','end':"
      "'2026-04-14T11:15:00-05:00'}}");
  EXPECT_THAT(dates(), ElementsAre("2026-04-14 150"));
  EXPECT_EQ(clinic_.all("Encounter").size(), 1U);  // no second one
  EXPECT_THAT(clinic_.claims(), ElementsAre("active 97545x1 210.00 PA-7001"));
}

TEST(VisitsTest, ASessionThatEndsBeforeItBeginsIsNamedSo) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-06T11:00:00-05:00",
                             .end = "2026-04-06T08:00:00-05:00"}));
  const auto plan = clinic.plan();
  EXPECT_TRUE(plan.visits.empty());
  const auto found = plan.others.find("Procedure/s1");
  ASSERT_NE(found, plan.others.end());
  EXPECT_EQ(found->second.at(0).rule, "time/negative");
}

}  // namespace
}  // namespace gateway::billing
