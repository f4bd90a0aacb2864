#include "billing/chart.h"

#include <gtest/gtest.h>

#include "unit/billing/complete_case.h"

namespace gateway::billing {
namespace {

using program::Fact;
using program::Facts;

TEST(ChartTest, ACompleteCaseIsDocumented) {
  const CompleteCase complete(Program::work_conditioning);
  const auto facts = complete.facts();
  const auto programs = shipped_programs(demo_site());
  const Chart chart(facts, programs, "Patient/p1");
  Facts set;
  chart.set_episode(set, LocalDate::from(2026, 4, 13),
                    *LocalDate::from(2026, 4, 28));
  for (const auto fact :
       {Fact::episode_job_analysis, Fact::episode_dedication,
        Fact::episode_goal, Fact::episode_consent, Fact::episode_baseline,
        Fact::episode_progress_note, Fact::episode_prior_therapy}) {
    EXPECT_EQ(set.text(fact), "yes") << program::entry(fact).name;
  }
  EXPECT_EQ(set.text(Fact::episode_evaluation_areas), "9");
  EXPECT_EQ(set.text(Fact::episode_evaluation_days), "2");
  EXPECT_EQ(set.text(Fact::episode_acute_overlap), "7");
  EXPECT_EQ(set.text(Fact::episode_disciplines), "2");
}

TEST(ChartTest, ProgressIsAMeasureThatGrows) {
  Clinic clinic;
  clinic.store_parties();
  int number = 0;
  for (const auto& [date, value] :
       {std::pair("2026-04-13", "40"), std::pair("2026-04-20", "55"),
        std::pair("2026-05-04", "55")}) {
    clinic.store("{'resourceType':'Observation','id':'o" +
                 std::to_string(number++) +
                 "','status':'final','subject':{'reference':'Patient/p1'},"
                 "'code':{'coding':[{'code':'job-match-percent'}]},"
                 "'effectiveDateTime':'" +
                 date + "','valueQuantity':{'value':" + value + "}}");
  }
  const auto facts = clinic.facts();
  const Chart chart(facts, clinic.programs_, "Patient/p1");
  Facts set;
  chart.set_episode(set, {}, *LocalDate::from(2026, 5, 6));
  EXPECT_EQ(set.text(Fact::episode_improving), "no");
  EXPECT_EQ(set.text(Fact::episode_plateau_days), "14");
  const auto gap = [&](int month, int day, int of_episode) {
    Visit visit;
    visit.date = *LocalDate::from(2026, month, day);
    visit.standing.day = of_episode;
    chart.set_visit(visit);
    return visit.facts.text(Fact::episode_report_gap) + " " +
           visit.facts.text(Fact::session_review_days);
  };
  // From the last measure until the session; a review is a note, not a measure.
  EXPECT_EQ(gap(4, 19, 7), "6 6");
  EXPECT_EQ(gap(4, 20, 8), "0 7");
  EXPECT_EQ(gap(5, 1, 19), "11 18");
}

// From the first attended date on, where nothing was measured at all.
TEST(ChartTest, WhereNothingIsMeasuredTheFirstDateCounts) {
  const Clinic clinic;
  const auto facts = clinic.facts();
  const Chart chart(facts, clinic.programs_, "Patient/p1");
  Visit visit;
  visit.date = *LocalDate::from(2026, 4, 27);
  visit.standing.day = 15;
  chart.set_visit(visit);
  EXPECT_EQ(visit.facts.text(Fact::episode_report_gap), "14");
}

}  // namespace
}  // namespace gateway::billing
