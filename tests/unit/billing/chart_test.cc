#include "billing/chart.h"

#include <gtest/gtest.h>

#include "unit/billing/documents.h"

namespace gateway::billing {
namespace {

// From the first attended date on, where nothing was measured at all.
TEST(ChartTest, WhereNothingIsMeasuredTheFirstDateCounts) {
  const Clinic clinic;
  const auto facts = clinic.facts();
  const Chart chart(facts, clinic.programs_, "Patient/p1");
  Visit visit;
  visit.date = *LocalDate::from(2026, 4, 27);
  visit.standing.day = 15;
  chart.set_visit(ReferralView(), visit);
  EXPECT_EQ(visit.facts.text(Fact::episode_report_gap), "14");
}

TEST_F(DocumentsTest, AReportOfOneWeekDoesNotServeTheNext) {
  send("Communication",
       "'status':'completed','sent':'2026-04-14','recipient':[{'reference':"
       "'Organization/payer'},{'reference':'Patient/p1'}]");
  EXPECT_EQ(session(14).text(Fact::episode_recipients), "2");
  EXPECT_EQ(session(21).text(Fact::episode_recipients), "2");
  EXPECT_EQ(session(22).text(Fact::episode_recipients), "0");
}

TEST_F(DocumentsTest, OneSheetServesAllEncountersThatItNames) {
  document("DocumentReference", "activity-sheet",
           "'date':'2026-04-17T18:00:00-05:00','context':{'encounter':[{"
           "'reference':'Encounter/e1'},{'reference':'Encounter/e2'}]}");
  facts();
  for (const auto& [encounter, scanned] :
       {std::pair("Encounter/e1", 4), std::pair("Encounter/e2", 3)}) {
    Visit visit;
    visit.own_encounter = encounter;
    visit.date = LocalDate::from(2026, 4, 17)->plus_days(-scanned);
    visit.standing.day = 1;
    chart_->set_visit(owner_, visit);
    EXPECT_EQ(visit.facts.text(Fact::session_has_sheet), "yes") << encounter;
    EXPECT_EQ(visit.facts.text(Fact::session_sheet_days),
              std::to_string(scanned));
  }
}

TEST_F(DocumentsTest, SectionsOfNotesAndReportsAreCounted) {
  const std::string three =
      "'section':[{'title':'a'},{'title':'b'},{'title':'c'}]";
  document("Composition", "daily-note", "'date':'2026-04-14'," + three);
  EXPECT_EQ(session(14).text(Fact::session_note_sections), "3");
  EXPECT_EQ(session(15).text(Fact::session_note_sections), "unknown");
  document("Composition", "discharge-summary", "'date':'2026-05-01'," + three);
  EXPECT_EQ(text(Fact::episode_report_sections), "3");
  document("DocumentReference", "daily-note", "'date':'2026-04-16'");
  EXPECT_EQ(session(16).text(Fact::session_has_note), "yes");
  EXPECT_EQ(session(16).text(Fact::session_note_sections), "unknown");
}

// What was an exception once excuses no later date.
TEST_F(DocumentsTest, AnExceptionIsOfTheDaysOfItsPeriod) {
  const auto says = [&](const std::string& more) {
    send("Flag",
         "'status':'active','code':{'coding':[{'code':'exception'}]}" + more);
    return session(14).text(Fact::session_has_exception) + " " +
           session(15).text(Fact::session_has_exception);
  };
  EXPECT_EQ(says(""), "yes yes");
  EXPECT_EQ(says(",'period':{'start':'2024-01-01','end':'2024-02-01'}"),
            "no no");
  EXPECT_EQ(says(",'period':{'start':'2026-04-15'}"), "no yes");
  EXPECT_EQ(says(",'period':{'start':'2026-04-01','end':'2026-04-14'}"),
            "yes no");
  EXPECT_EQ(says(",'encounter':{'reference':'Encounter/other'}"), "no no");
}

}  // namespace
}  // namespace gateway::billing
