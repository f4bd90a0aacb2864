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
  EXPECT_EQ(set.text(Fact::episode_report_gap), "2");
}

}  // namespace
}  // namespace gateway::billing
