#include <gtest/gtest.h>

#include "billing/chart.h"
#include "unit/billing/complete_case.h"
#include "unit/billing/documents.h"

namespace gateway::billing {
namespace {

TEST(ChartTest, ACompleteCaseIsDocumented) {
  const CompleteCase complete(Program::work_conditioning);
  const auto facts = complete.facts();
  const auto programs = shipped_programs(demo_site());
  const Chart chart(facts, programs, "Patient/p1");
  ReferralView view;
  const auto& set = view.facts;
  const auto first = LocalDate::from(2026, 4, 13);
  chart.set_episode(view, {.ordered = LocalDate::from(2026, 3, 30),
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
  ReferralView view;
  const auto& set = view.facts;
  chart.set_episode(view, {.ordered = {},
                           .first = {},
                           .begins = {},
                           .today = *LocalDate::from(2026, 5, 6)});
  EXPECT_EQ(set.text(Fact::episode_improving), "no");
  EXPECT_EQ(set.text(Fact::episode_plateau_days), "14");
  const auto gap = [&](int month, int day, int of_episode) {
    Visit visit;
    visit.date = *LocalDate::from(2026, month, day);
    visit.standing.day = of_episode;
    chart.set_visit(view, visit);
    return visit.facts.text(Fact::episode_report_gap) + " " +
           visit.facts.text(Fact::session_review_days) + " " +
           visit.facts.text(Fact::episode_plateau_days);
  };
  // From the last measure until the session; a review is a note, not a measure.
  // Whoever does not measure makes no progress.
  EXPECT_EQ(gap(4, 12, 1), "0 0 unknown");
  EXPECT_EQ(gap(4, 19, 7), "6 6 6");
  EXPECT_EQ(gap(4, 20, 8), "0 7 0");
  EXPECT_EQ(gap(5, 1, 19), "11 18 11");
  EXPECT_EQ(gap(5, 28, 46), "24 45 38");
}

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

// What was written of an earlier episode says nothing of this one.
TEST_F(DocumentsTest, OldNotesAndEvaluationsAreOfAnotherEpisode) {
  const std::string section = ",'section':[{'title':'Safety'}]";
  document("Composition", "progress-note", "'date':'2025-02-01'" + section);
  document("Composition", "evaluation", "'date':'2024-04-01'" + section);
  document("Composition", "discharge-summary", "'date':'2025-03-01'" + section);
  for (const auto fact :
       {Fact::episode_progress_note, Fact::episode_note_structured,
        Fact::episode_discharge_report}) {
    EXPECT_EQ(text(fact), "no") << program::entry(fact).name;
  }
  EXPECT_EQ(text(Fact::episode_report_sections), "unknown");
  EXPECT_EQ(text(Fact::episode_evaluation_areas), "0");
  EXPECT_EQ(text(Fact::episode_evaluation_days), "14");
  document("Composition", "progress-note", "'date':'2026-04-20'" + section);
  document("Composition", "evaluation", "'date':'2026-04-10'" + section);
  EXPECT_EQ(text(Fact::episode_note_structured), "yes");
  EXPECT_EQ(text(Fact::episode_evaluation_areas), "1");
  EXPECT_EQ(text(Fact::episode_evaluation_days), "0");
}

TEST_F(DocumentsTest, MeasuresOfAnEarlierEpisodeAreNoPlateau) {
  const auto measure = [&](const std::string& date, const std::string& value) {
    clinic_.store("{'resourceType':'Observation','id':'" + date +
                  "','status':'final','subject':{'reference':'Patient/p1'},"
                  "'code':{'coding':[{'code':'job-match-percent'}]},"
                  "'effectiveDateTime':'" +
                  date + "','valueQuantity':{'value':" + value + "}}");
  };
  measure("2025-06-01", "90");
  measure("2026-04-13", "40");
  measure("2026-04-27", "55");
  EXPECT_EQ(text(Fact::episode_improving), "yes");
  EXPECT_EQ(text(Fact::episode_plateau_days), "0");
}

// Two measures of a day are ranked by their times, whichever came first.
TEST_F(DocumentsTest, MeasuresOfADayFollowTheirTimes) {
  const auto trend = [](bool swapped) {
    Clinic clinic;
    clinic.store_parties();
    clinic.store(order_json({}));
    clinic.store(grant_json({}));
    clinic.store(session_json({.id = "s1",
                               .start = "2026-04-06T08:00:00-05:00",
                               .end = "2026-04-06T11:00:00-05:00"}));
    const auto measure = [&](const std::string& id, const std::string& at,
                             const std::string& value) {
      clinic.store("{'resourceType':'Observation','id':'" + id +
                   "','status':'final','subject':{'reference':'Patient/p1'},"
                   "'code':{'coding':[{'code':'job-match-percent'}]},"
                   "'effectiveDateTime':'" +
                   at + "','valueQuantity':{'value':" + value + "}}");
    };
    measure(swapped ? "b" : "a", "2026-04-06T09:00:00-05:00", "60");
    measure(swapped ? "a" : "b", "2026-04-06T15:00:00-05:00", "40");
    measure("c", "2026-04-08T09:00:00-05:00", "50");
    return clinic.plan().referrals.front().facts.text(Fact::episode_trend);
  };
  EXPECT_EQ(trend(false), "-10");
  EXPECT_EQ(trend(true), "-10");
}

TEST_F(DocumentsTest, AcuteTherapyOverlapsByItsLongest) {
  const auto care = [&](const std::string& id, const std::string& start,
                        const std::string& end, const std::string& more = "") {
    clinic_.store("{'resourceType':'EpisodeOfCare','id':'" + id +
                  "','status':'finished','patient':{'reference':'Patient/p1'},"
                  "'period':{'start':'" +
                  start + "','end':'" + end + "'}" + more + "}");
    return text(Fact::episode_acute_overlap);
  };
  EXPECT_EQ(care("later", "2026-06-01", "2026-06-20"), "0");
  EXPECT_EQ(care("a", "2026-01-01", "2026-04-27"), "14");
  EXPECT_EQ(care("b", "2026-01-01", "2026-04-16"), "14");
  clinic_.store(order_json({.id = "pt", .code = "{'text':'PT'}"}));
  clinic_.store(order_json({}));
  const auto asked = [](const std::string& order) {
    return ",'referralRequest':[{'reference':'ServiceRequest/" + order + "'}]";
  };
  EXPECT_EQ(care("c", "2026-01-01", "2026-05-01", asked("r1")), "14");
  EXPECT_EQ(care("d", "2026-01-01", "2026-05-01", asked("pt")), "18");
}

// The stay is fixed once: who does not improve is not planned anew.
TEST_F(DocumentsTest, ALaterPlanMovesTheEndOnlyAfterImprovement) {
  const auto plan = [&](const std::string& id, const std::string& start,
                        const std::string& end, const std::string& more = "") {
    clinic_.store("{'resourceType':'CarePlan','id':'" + id +
                  "','status':'active','subject':{'reference':'Patient/p1'},"
                  "'period':{'start':'" +
                  start + "','end':'" + end + "'}" + more + "}");
    return session(20).text(Fact::session_within_plan);
  };
  EXPECT_EQ(plan("first", "2026-04-13", "2026-04-17"), "no");
  EXPECT_EQ(plan("diabetes", "2026-01-01", "2027-01-01",
                 ",'category':[{'text':'Diabetes self-management'}]"),
            "no");
  EXPECT_EQ(plan("second", "2026-04-18", "2026-05-01"), "no");
  for (const auto& [date, value] :
       {std::pair("2026-04-13", "40"), std::pair("2026-04-17", "50")}) {
    clinic_.store("{'resourceType':'Observation','id':'" + std::string(date) +
                  "','status':'final','subject':{'reference':'Patient/p1'},"
                  "'code':{'coding':[{'code':'job-match-percent'}]},"
                  "'effectiveDateTime':'" +
                  date + "','valueQuantity':{'value':" + value + "}}");
  }
  EXPECT_EQ(session(20).text(Fact::session_within_plan), "yes");
}

// A questionnaire that also answers for a rule still is one.
TEST_F(DocumentsTest, AnAttestationLeavesTheOtherAnswers) {
  const std::string attests =
      "{'linkId':'clinic-work-conditioning/A21','answer':[{'valueBoolean':"
      "true}]}";
  const auto says = [&](const std::string& items) {
    send("QuestionnaireResponse",
         "'status':'completed','authored':'2026-04-13','item':[" + items + "]");
    return text(Fact::episode_baseline);
  };
  EXPECT_EQ(says(attests), "no");
  EXPECT_EQ(says(attests + ",{'linkId':'lift','answer':[{'valueInteger':20}]}"),
            "yes");
  EXPECT_EQ(says("{'linkId':'g','item':[" + attests + "]}"), "no");
  EXPECT_TRUE(facts().attested("clinic-work-conditioning/A21") != nullptr);
}

}  // namespace
}  // namespace gateway::billing
