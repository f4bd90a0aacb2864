#include "billing/next_change.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

class NextChangeTest : public ::testing::Test {
 protected:
  NextChangeTest() {
    clinic_.store_parties();
    clinic_.store(order_json({}));
  }

  std::string next(const std::string& now) {
    clinic_.now_ = *parse_instant(now);
    const auto plan = clinic_.plan();
    return plan.next_change ? utc_text(*plan.next_change) : "never";
  }

  Clinic clinic_;
};

TEST_F(NextChangeTest, NothingChangesByItselfWithoutADateAhead) {
  EXPECT_EQ(next("2026-04-06T12:00:00Z"), "never");
}

TEST_F(NextChangeTest, AnAuthorizationExpiresAfterItsLastDayAtTheFacility) {
  clinic_.store(grant_json({}));
  EXPECT_EQ(next("2026-04-06T12:00:00Z"), "2026-05-16T05:00:00Z");
  EXPECT_EQ(next("2026-05-16T04:59:59Z"), "2026-05-16T05:00:00Z");
  EXPECT_EQ(next("2026-05-16T05:00:00Z"), "never");
}

TEST_F(NextChangeTest, ASessionAheadCountsFromItsEnd) {
  clinic_.store(grant_json({}));
  clinic_.store(session_json({.id = "s1",
                              .start = "2026-04-07T08:00:00-05:00",
                              .end = "2026-04-07T11:00:00-05:00"}));
  const auto before = next("2026-04-06T12:00:00Z");
  EXPECT_EQ(before, "2026-04-07T16:00:00Z");
  EXPECT_TRUE(clinic_.plan().visits.empty());
  clinic_.now_ = *parse_instant(before);
  EXPECT_EQ(clinic_.plan().visits.size(), 1U);
  // Then its week ends.
  EXPECT_EQ(next(before), "2026-04-13T05:00:00Z");
}

TEST_F(NextChangeTest, DaysSinceAMeasureAreCountedEachDay) {
  clinic_.store(
      "{'resourceType':'Observation','id':'o1','status':'final','subject':{"
      "'reference':'Patient/p1'},'code':{'coding':[{'system':"
      "'https://workgate.example/fhir/CodeSystem/observation-code','code':"
      "'job-match-percent'}]},'effectiveDateTime':'2026-04-05',"
      "'valueQuantity':{'value':60,'unit':'%'}}");
  EXPECT_EQ(next("2026-04-06T12:00:00Z"), "2026-04-07T05:00:00Z");
}

}  // namespace
}  // namespace gateway::billing
