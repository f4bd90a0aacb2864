#include "billing/intake.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

std::vector<std::string> rules(const std::vector<IntakeWarning>& warnings) {
  std::vector<std::string> found;
  for (const auto& one : warnings) found.push_back(one.finding.rule);
  return found;
}

class IntakeTest : public ::testing::Test {
 protected:
  std::vector<IntakeWarning> warned(const std::string& visits) {
    clinic_.store_parties();
    clinic_.store(order_json({}));
    clinic_.store(grant_json({.visits = visits}));
    const auto facts = clinic_.facts();
    return intake_warnings(decide(facts, clinic_.programs_, clinic_.now_));
  }

  Clinic clinic_;
};

TEST_F(IntakeTest, FewerVisitsThanOrderedConcernOrderAndGrant) {
  const auto warnings = warned("12");
  ASSERT_EQ(rules(warnings),
            std::vector<std::string>{"ledger/fewer-than-ordered"});
  EXPECT_TRUE(warnings[0].concerns("ServiceRequest/r1"));
  EXPECT_TRUE(warnings[0].concerns("ClaimResponse/a1"));
  EXPECT_FALSE(warnings[0].concerns("Coverage/c1"));
  EXPECT_EQ(warnings[0].finding.severity, fhir::Severity::warning);
}

TEST_F(IntakeTest, AnUnusualNumberOfVisitsConcernsTheGrant) {
  const auto warnings = warned("24");
  ASSERT_EQ(rules(warnings),
            std::vector<std::string>{"clinic-work-conditioning/A7"});
  EXPECT_TRUE(warnings[0].concerns("ClaimResponse/a1"));
  EXPECT_FALSE(warnings[0].concerns("ServiceRequest/r1"));
}

// Two therapists on one day: the slot stays, and its sender is told.
TEST_F(IntakeTest, ASlotThatWarnsConcernsItsAppointment) {
  clinic_.store(
      "{'resourceType':'Practitioner','id':'second','qualification':[{'code':"
      "{'text':'PT'}}]}");
  clinic_.store(
      "{'resourceType':'Appointment','id':'b1','status':'booked','start':"
      "'2026-06-08T08:00:00-05:00','end':'2026-06-08T11:00:00-05:00',"
      "'basedOn':[{'reference':'ServiceRequest/r1'}],'participant':[{'actor':"
      "{'reference':'Practitioner/therapist'},'status':'accepted'},{'actor':"
      "{'reference':'Practitioner/second'},'status':'accepted'}]}");
  const auto warnings = warned("20");
  ASSERT_EQ(rules(warnings),
            std::vector<std::string>{"clinic-work-conditioning/A14P"});
  EXPECT_TRUE(warnings[0].concerns("Appointment/b1"));
}

// Nobody has a task for it, so the answer says that it will not be billed.
TEST_F(IntakeTest, ASessionWithoutAUnitConcernsItsSender) {
  auto site = demo_site();
  site.overrides["clinic-work-conditioning"]["minSessionMinutes"] = "0";
  Clinic clinic(std::move(site));
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({.visits = "20"}));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T09:00:00-05:00"}));
  const auto warnings = intake_warnings(clinic.plan());
  ASSERT_EQ(rules(warnings), std::vector<std::string>{"billing/no-units"});
  EXPECT_TRUE(warnings[0].concerns("Procedure/s1"));
}

TEST_F(IntakeTest, NothingIsSaidOfWhatIsUsual) {
  EXPECT_TRUE(warned("20").empty());
}

}  // namespace
}  // namespace gateway::billing
