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
  const auto first = LocalDate::from(2026, 4, 13);
  chart.set_episode(set, {.ordered = LocalDate::from(2026, 3, 30),
                          .first = first,
                          .begins = first,
                          .today = *LocalDate::from(2026, 4, 28)});
  for (const auto fact :
       {Fact::episode_job_analysis, Fact::episode_dedication,
        Fact::episode_goal, Fact::episode_consent, Fact::episode_baseline,
        Fact::episode_progress_note, Fact::episode_prior_therapy}) {
    EXPECT_EQ(set.text(fact), "yes") << program::entry(fact).name;
  }
  EXPECT_EQ(set.text(Fact::episode_evaluation_areas), "9");
  EXPECT_EQ(set.text(Fact::episode_evaluation_days), "2");
  EXPECT_EQ(set.text(Fact::episode_acute_overlap), "7");
  EXPECT_EQ(set.text(Fact::episode_disciplines), "3");
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
  chart.set_episode(set, {.ordered = {},
                          .first = {},
                          .begins = {},
                          .today = *LocalDate::from(2026, 5, 6)});
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

// The facts of an episode that began on 13 April, of one that was ordered on
// 30 March, after some documents came.
class DocumentsTest : public testing::Test {
 protected:
  DocumentsTest() { clinic_.store_parties(); }

  Facts facts() {
    known_ = clinic_.facts();
    chart_.emplace(known_, clinic_.programs_, "Patient/p1");
    const auto first = LocalDate::from(2026, 4, 13);
    Facts set;
    chart_->set_episode(set, {.ordered = LocalDate::from(2026, 3, 30),
                              .first = first,
                              .begins = first,
                              .today = *LocalDate::from(2026, 5, 1)});
    return set;
  }
  std::string text(Fact fact) { return facts().text(fact); }

  // The facts of a session on a day of April.
  Facts session(int day) {
    facts();
    Visit visit;
    visit.key = "encounter|r1|2026-04-" + std::to_string(day);
    visit.date = *LocalDate::from(2026, 4, day);
    visit.standing.day = day - 12;
    chart_->set_visit(visit);
    return visit.facts;
  }

  void document(const std::string& type, const std::string& kind,
                const std::string& more) {
    clinic_.store("{'resourceType':'" + type + "','id':'" + kind +
                  "','status':'final','subject':{'reference':'Patient/p1'},"
                  "'type':{'coding':[{'system':"
                  "'https://workgate.example/fhir/CodeSystem/document-type',"
                  "'code':'" +
                  kind + "'}]}," + more + "}");
  }
  void send(const std::string& type, const std::string& more) {
    clinic_.store("{'resourceType':'" + type + "','id':'" + type +
                  "','subject':{'reference':'Patient/p1'}," + more + "}");
  }

  Clinic clinic_;
  episode::Case known_;
  std::optional<Chart> chart_;
};

std::string consent(const std::string& scope, const std::string& more) {
  return "'status':'active','patient':{'reference':'Patient/p1'},'scope':{"
         "'coding':[{'system':"
         "'http://terminology.hl7.org/CodeSystem/consentscope','code':'" +
         scope + "'}]}," + more;
}

TEST_F(DocumentsTest, OnlyAConsentToTreatmentThatStandsConsents) {
  const auto says = [&](const std::string& body) {
    send("Consent", body);
    return text(Fact::episode_consent);
  };
  EXPECT_EQ(says(consent("treatment", "'dateTime':'2026-04-13'")), "yes");
  EXPECT_EQ(says(consent("research", "'dateTime':'2026-04-10'")), "no");
  EXPECT_EQ(says(consent("patient-privacy", "'dateTime':'2026-04-10'")), "no");
  EXPECT_EQ(says(consent("treatment", "'dateTime':'2026-04-14'")), "no");
  EXPECT_EQ(says(consent("treatment",
                         "'dateTime':'2026-04-10','provision':{'type':"
                         "'deny'}")),
            "no");
  EXPECT_EQ(text(Fact::episode_dedication), "no");
}

TEST_F(DocumentsTest, TheDedicationPageIsSignedByBothOnTheFirstDay) {
  const std::string both =
      "'author':[{'reference':'Patient/p1'},{'reference':"
      "'Practitioner/therapist'}]";
  const auto says = [&](const std::string& body) {
    document("DocumentReference", "dedication-page", body);
    return text(Fact::episode_dedication);
  };
  EXPECT_EQ(says(both + ",'date':'2026-04-13T18:00:00-05:00'"), "yes");
  EXPECT_EQ(says(both + ",'date':'2025-04-13T18:00:00-05:00'"), "no");
  EXPECT_EQ(says(both + ",'date':'2026-05-13T18:00:00-05:00'"), "no");
  EXPECT_EQ(says("'author':[{'reference':'Patient/p1'}],'date':"
                 "'2026-04-13T18:00:00-05:00'"),
            "no");
  send("Consent",
       consent("treatment",
               "'dateTime':'2026-04-13','category':[{'coding':[{'system':"
               "'https://workgate.example/fhir/CodeSystem/document-type',"
               "'code':'dedication-page'}]}],'performer':[{'reference':"
               "'Patient/p1'},{'reference':'Practitioner/therapist'}]"));
  EXPECT_EQ(text(Fact::episode_dedication), "yes");
}

TEST_F(DocumentsTest, AnEvaluationNamesItsAreas) {
  document("Composition", "evaluation",
           "'date':'2026-04-14','section':[{'title':'x'},{'title':'x'},{"
           "'title':'x'},{'title':'x'},{'title':'x'},{'title':'x'},{'title':"
           "'x'},{'title':'x'},{'title':'x'}]");
  EXPECT_EQ(text(Fact::episode_evaluation_areas), "0");
  document("Composition", "evaluation",
           "'date':'2026-04-14','section':[{'title':'Safety'},{'code':{'text':"
           "'Functional capacity'}}]");
  EXPECT_EQ(text(Fact::episode_evaluation_areas), "2");
}

TEST_F(DocumentsTest, BarriersAreAnswersOrConditionsThatStand) {
  send("QuestionnaireResponse", "'status':'completed','authored':'2026-04-13'");
  EXPECT_EQ(text(Fact::episode_barriers), "no");
  EXPECT_EQ(text(Fact::episode_baseline), "no");
  const std::string code =
      "'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':"
      "'F43.20'}]}";
  send("Condition", code +
                        ",'verificationStatus':{'coding':[{'code':"
                        "'refuted'}]}");
  EXPECT_EQ(text(Fact::episode_barriers), "no");
  send("Condition", code);
  EXPECT_EQ(text(Fact::episode_barriers), "yes");
  send("QuestionnaireResponse",
       "'status':'in-progress','authored':'2026-04-13','item':[{'linkId':'1',"
       "'answer':[{'valueBoolean':true}]}]");
  EXPECT_EQ(text(Fact::episode_baseline), "no");
  send("QuestionnaireResponse",
       "'status':'completed','authored':'2026-04-13','item':[{'linkId':'1',"
       "'answer':[{'valueBoolean':true}]}]");
  EXPECT_EQ(text(Fact::episode_baseline), "yes");
}

TEST_F(DocumentsTest, TheBaselineMeasuresThePatient) {
  const std::string value = "'valueCodeableConcept':{'text':'Employed'}";
  const auto says = [&](const std::string& code) {
    send("Observation",
         "'status':'final','effectiveDateTime':'2026-04-13','code':{'coding':[{"
         "'code':'" +
             code + "'}]}," + value);
    return text(Fact::episode_baseline);
  };
  EXPECT_EQ(says("74165-2"), "no");
  EXPECT_EQ(says("physical-demand-level"), "no");
  EXPECT_EQ(says("lift"), "yes");
}

TEST_F(DocumentsTest, TheDemandLevelIsOneOfFive) {
  const auto says = [&](const std::string& value) {
    send("Observation",
         "'status':'final','code':{'coding':[{'code':'physical-demand-level'}]}"
         ",'effectiveDateTime':'2026-04-01'" +
             value);
    return text(Fact::episode_demand_level);
  };
  EXPECT_EQ(says(""), "no");
  EXPECT_EQ(says(",'valueString':'banana'"), "no");
  EXPECT_EQ(says(",'valueString':'Very Heavy'"), "yes");
  EXPECT_EQ(says(",'valueCodeableConcept':{'coding':[{'code':'light'}]}"),
            "yes");
}

TEST_F(DocumentsTest, ATeamHasDisciplinesAndADirector) {
  const auto says = [&](const std::vector<std::string>& roles) {
    std::string all;
    for (const auto& role : roles) {
      all += (all.empty() ? "" : ",") + ("{'role':[{'text':'" + role + "'}]}");
    }
    send("CareTeam", "'status':'active','participant':[" + all + "]");
    return text(Fact::episode_disciplines) + " " + text(Fact::episode_director);
  };
  EXPECT_EQ(says({"PT", "patient"}), "1 no");
  EXPECT_EQ(says({"Physical Therapist", "PT"}), "1 no");
  EXPECT_EQ(says({"PT", "psychology", "Program Director"}), "3 yes");
}

TEST_F(DocumentsTest, AFlagWarnsByItsCategoryOrCode) {
  const auto says = [&](const std::string& body) {
    send("Flag", "'status':'active'," + body);
    return text(Fact::episode_contraindicated);
  };
  EXPECT_EQ(says("'code':{'text':'parking permit'}"), "no");
  EXPECT_EQ(says("'code':{'text':'parking permit'},'category':[{'coding':[{"
                 "'system':'http://terminology.hl7.org/CodeSystem/"
                 "flag-category','code':'admin'}]}]"),
            "no");
  EXPECT_EQ(says("'code':{'text':'angina'},'category':[{'coding':[{'system':"
                 "'http://terminology.hl7.org/CodeSystem/flag-category',"
                 "'code':'clinical'}]}]"),
            "yes");
  EXPECT_EQ(says("'code':{'text':'Contraindicated: lifting'}"), "yes");
}

TEST_F(DocumentsTest, APlanFixesTheStayWhileItStands) {
  const auto says = [&](const std::string& status, const std::string& end) {
    send("CarePlan", "'status':'" + status + "','period':{'start':'" +
                         end.substr(0, 4) + "-01-01','end':'" + end + "'}");
    return text(Fact::episode_planned_end);
  };
  EXPECT_EQ(says("active", "2026-04-17"), "yes");
  EXPECT_EQ(session(17).text(Fact::session_within_plan), "yes");
  EXPECT_EQ(session(18).text(Fact::session_within_plan), "no");
  EXPECT_EQ(says("revoked", "2026-04-17"), "no");
  EXPECT_EQ(session(18).text(Fact::session_within_plan), "unknown");
  EXPECT_EQ(says("completed", "2019-05-10"), "no");
}

TEST_F(DocumentsTest, AHomeProgramIsNotThePlanOfTheStay) {
  send("CarePlan", "'status':'active','period':{'end':'2026-05-08'}");
  EXPECT_EQ(text(Fact::episode_home_program), "no");
  send("CarePlan",
       "'status':'active','title':'Home exercise program','period':{'end':"
       "'2026-09-08'}");
  EXPECT_EQ(text(Fact::episode_home_program), "yes");
  EXPECT_EQ(text(Fact::episode_planned_end), "no");
  send("CarePlan", "'status':'revoked','title':'Home exercise program'");
  EXPECT_EQ(text(Fact::episode_home_program), "no");
  document("DocumentReference", "home-exercise-program",
           "'date':'2026-05-01T10:00:00Z'");
  EXPECT_EQ(text(Fact::episode_home_program), "yes");
}

TEST_F(DocumentsTest, CallsAreWithOthersAndOfThisOrder) {
  const auto says = [&](const std::string& sent, const std::string& to) {
    send("Communication", "'status':'completed','sent':'" + sent +
                              "','recipient':[{'reference':'" + to + "'}]");
    return text(Fact::episode_communication);
  };
  EXPECT_EQ(says("2026-04-14", "Organization/payer"), "yes");
  EXPECT_EQ(says("2024-04-14", "Organization/payer"), "no");
  EXPECT_EQ(says("2026-04-14", "Patient/p1"), "no");
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
    chart_->set_visit(visit);
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

}  // namespace
}  // namespace gateway::billing
