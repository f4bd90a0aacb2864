#include "billing/charts.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using program::Fact;

class ChartsTest : public testing::Test {
 protected:
  ChartsTest() {
    for (const auto& party : party_jsons()) apply(party);
    apply(order_json({}));
    apply(session_json({.id = "s1",
                        .start = "2026-04-06T08:00:00-05:00",
                        .end = "2026-04-06T11:00:00-05:00"}));
    plan_ = decide(facts_, programs_, now_);
    attendance_.read_all(plan_, today_);
    for (auto& view : plan_.referrals) view.facts = {};
    charts_.read(plan_, today_);
  }
  void apply(const std::string& text) {
    const auto document = *parse_shared(json_of(text));
    const auto root = document->root();
    facts_.apply(fhir::Resource{{std::string(root.get("resourceType").text()),
                                 std::string(root.get("id").text())},
                                1,
                                now_,
                                "ehr",
                                document});
  }
  void document(const std::string& kind) {
    apply(
        "{'resourceType':'DocumentReference','id':'d','status':'current',"
        "'subject':{'reference':'Patient/p1'},'type':{'coding':[{'system':"
        "'https://workgate.example/fhir/CodeSystem/document-type','code':'" +
        kind + "'}]},'date':'2026-04-06T20:00:00Z'}");
  }

  Instant now_ = *parse_instant("2026-04-08T12:00:00Z");
  LocalDate today_ = *LocalDate::from(2026, 4, 8);
  program::Programs programs_ = shipped_programs(demo_site());
  episode::Case facts_;
  Plan plan_;
  Attendance attendance_;
  Charts charts_{facts_, programs_, attendance_};
};

TEST_F(ChartsTest, ADailyNoteLeavesTheEpisodeAsItIs) {
  const auto& visit = *plan_.visits.begin();
  EXPECT_FALSE(charts_.of(visit).notes_on(visit).note);
  document("daily-note");
  charts_.refile(plan_);
  EXPECT_TRUE(charts_.of(visit).notes_on(visit).note);
  EXPECT_TRUE(charts_.stand(plan_, today_));
}

TEST_F(ChartsTest, AJobAnalysisReachesTheWholeEpisode) {
  document("job-analysis");
  charts_.refile(plan_);
  EXPECT_FALSE(charts_.stand(plan_, today_));
}

TEST_F(ChartsTest, TheDaysUntilAnEvaluationGoOn) {
  EXPECT_TRUE(charts_.stand(plan_, today_));
  EXPECT_FALSE(charts_.stand(plan_, today_.plus_days(1)));
}

TEST_F(ChartsTest, AnAbsenceAndAnEarlierBookingAreFactsOfTheEpisode) {
  EXPECT_TRUE(charts_.absences_stand(plan_));
  apply(
      "{'resourceType':'Appointment','id':'b','status':'noshow','basedOn':[{"
      "'reference':'ServiceRequest/r1'}],'start':'2026-04-07T14:00:00Z','end':"
      "'2026-04-07T17:00:00Z'}");
  EXPECT_FALSE(charts_.absences_stand(plan_));
  charts_.read(plan_, today_);
  const auto& facts = plan_.referrals[0].facts;
  EXPECT_EQ(facts.value(Fact::referral_lead_days), 7000);
  apply(
      "{'resourceType':'Appointment','id':'c','status':'booked','basedOn':[{"
      "'reference':'ServiceRequest/r1'}],'start':'2026-04-01T14:00:00Z','end':"
      "'2026-04-01T17:00:00Z'}");
  EXPECT_FALSE(charts_.stand(plan_, today_));
  // When it was booked counts, where that is written.
  apply(
      "{'resourceType':'Appointment','id':'c','status':'booked','created':"
      "'2026-03-31T15:00:00Z','basedOn':[{'reference':'ServiceRequest/r1'}],"
      "'start':'2026-04-20T14:00:00Z','end':'2026-04-20T17:00:00Z'}");
  charts_.read(plan_, today_);
  EXPECT_EQ(plan_.referrals[0].facts.value(Fact::referral_lead_days), 1000);
}

// What is booked overlaps acute therapy as well as what was attended.
TEST(ChartsOfBookingsTest, ABookingOverlapsAcuteTherapy) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(
      "{'resourceType':'EpisodeOfCare','id':'acute','status':'active',"
      "'patient':{'reference':'Patient/p1'},'period':{'end':'2026-04-20'}}");
  EXPECT_FALSE(
      clinic.plan().referrals.at(0).facts.known(Fact::episode_acute_overlap));
  clinic.store(
      "{'resourceType':'Appointment','id':'b','status':'booked','basedOn':[{"
      "'reference':'ServiceRequest/r1'}],'start':'2026-04-06T14:00:00Z','end':"
      "'2026-04-06T17:00:00Z'}");
  EXPECT_EQ(
      clinic.plan().referrals.at(0).facts.value(Fact::episode_acute_overlap),
      14000);
}

// A day is judged by what was missed until then: later absences do not reach
// back.
TEST_F(ChartsTest, AnAbsenceCountsFromItsDayOn) {
  apply(session_json({.id = "s2",
                      .start = "2026-04-09T08:00:00-05:00",
                      .end = "2026-04-09T11:00:00-05:00"}));
  for (const auto* day : {"07", "08", "10"}) {
    apply(std::string("{'resourceType':'Appointment','id':'b") + day +
          "','status':'noshow','basedOn':[{'reference':'ServiceRequest/r1'}],"
          "'start':'2026-04-" +
          day + "T14:00:00Z','end':'2026-04-" + day + "T17:00:00Z'}");
  }
  const auto plan =
      decide(facts_, programs_, *parse_instant("2026-04-20T12:00:00Z"));
  ASSERT_EQ(plan.visits.size(), 2U);
  EXPECT_EQ(plan.visits[0].facts.value(Fact::episode_absences), 0);
  EXPECT_EQ(plan.visits[1].facts.value(Fact::episode_absences), 2000);
  EXPECT_EQ(plan.referrals[0].facts.value(Fact::episode_absences), 3000);
}

}  // namespace
}  // namespace gateway::billing
