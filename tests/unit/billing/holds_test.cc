// Every input that a biller must not pay for, what it leaves behind, and that
// it is released by itself when its cause goes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kPack = "clinic-work-conditioning";

Attended three_hours(const std::string& id, const std::string& date) {
  return {.id = id,
          .start = date + "T08:00:00-05:00",
          .end = date + "T11:00:00-05:00"};
}

class HoldsTest : public ::testing::Test {
 protected:
  HoldsTest() { clinic_.store_parties(); }
  void ready() {
    clinic_.post(order_json({}));
    clinic_.post(grant_json({}));
  }
  Clinic clinic_;
};

// --- the referral

struct ReferralCase {
  const char* name;
  Order order;
  std::vector<std::string> rules;
};

class HeldReferralTest : public ::testing::TestWithParam<ReferralCase> {};

TEST_P(HeldReferralTest, GetsOneTaskWithEveryReason) {
  Clinic clinic;
  clinic.store_parties();
  const auto changes = clinic.post(order_json(GetParam().order));
  std::string wanted = "ServiceRequest/r1 correct-referral:";
  for (const auto& rule : GetParam().rules) wanted += " " + rule;
  EXPECT_THAT(clinic.open_tasks(), ElementsAre(wanted));
  EXPECT_EQ(changes.open_tasks.size(), 1U);
  // A resend makes no second task, and changes nothing.
  EXPECT_TRUE(clinic.post(order_json(GetParam().order)).resources.empty());
  // A corrected referral closes it.
  clinic.post(order_json({}));
  EXPECT_THAT(clinic.open_tasks(), IsEmpty());
  EXPECT_EQ(clinic.all("Task").back()->root().get("status").text(),
            "completed");
}

Order with_occurrence(std::string occurrence) {
  Order order;
  order.occurrence = std::move(occurrence);
  return order;
}

Order other_therapy() {
  Order order;
  order.code =
      "{'coding':[{'system':'http://snomed.info/sct','code':"
      "'91251008'}]}";
  return order;
}

Order bare_97545() {
  Order order;
  order.code =
      "{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':"
      "'97545'}]}";
  return order;
}

Order not_attending() {
  Order order;
  order.requester = "Practitioner/therapist";
  return order;
}

Order all_wrong() {
  Order order = other_therapy();
  order.requester = "Practitioner/therapist";
  order.occurrence = "";
  return order;
}

const std::string kA2 = std::string(kPack) + "/A2";
const std::string kA3 = std::string(kPack) + "/A3";
const std::string kA4 = std::string(kPack) + "/A4";

INSTANTIATE_TEST_SUITE_P(
    Rows, HeldReferralTest,
    ::testing::Values(
        ReferralCase{"TwoToThreeAWeek",
                     with_occurrence("'occurrenceTiming':{'repeat':{"
                                     "'frequency':2,'frequencyMax':3,"
                                     "'period':1,'periodUnit':'wk'}}"),
                     {kA4}},
        ReferralCase{"ThreeEveryTenDays",
                     with_occurrence("'occurrenceTiming':{'repeat':{"
                                     "'frequency':3,'period':1,'periodMax':2,"
                                     "'periodUnit':'wk'}}"),
                     {kA4}},
        ReferralCase{"AsNeeded",
                     with_occurrence("'asNeededBoolean':true,"
                                     "'occurrenceTiming':{'repeat':{"
                                     "'frequency':5,'period':1,"
                                     "'periodUnit':'wk'}}"),
                     {kA4}},
        ReferralCase{"NoTiming", with_occurrence(""), {kA4}},
        ReferralCase{"TwoDaysOfTheWeek",
                     with_occurrence("'occurrenceTiming':{'repeat':{"
                                     "'dayOfWeek':['mon','wed']}}"),
                     {kA4}},
        ReferralCase{"OtherTherapy", other_therapy(), {kA3}},
        ReferralCase{"CodeOfBothPrograms", bare_97545(), {kA3}},
        ReferralCase{"NotAttending", not_attending(), {kA2}},
        ReferralCase{"Everything", all_wrong(), {kA2, kA3, kA4}}),
    [](const auto& row) { return row.param.name; });

TEST_F(HoldsTest, FrequenciesThatAreEnough) {
  for (const auto* repeat :
       {"'frequency':3,'period':1,'periodUnit':'wk'",
        "'dayOfWeek':['mon','wed','fri']",
        "'frequency':1,'period':1,'periodUnit':'d'",
        "'frequency':6,'period':2,'periodUnit':'wk'",
        "'frequency':3,'frequencyMax':5,'period':1,'periodUnit':'wk'"}) {
    clinic_.post(order_json(with_occurrence("'occurrenceTiming':{'repeat':{" +
                                            std::string(repeat) + "}}")));
    EXPECT_THAT(clinic_.open_tasks(), IsEmpty()) << repeat;
  }
}

TEST_F(HoldsTest, TheAttendingPhysicianMayBeNamedByACareTeam) {
  clinic_.post(order_json(not_attending()));
  EXPECT_EQ(clinic_.open_tasks().size(), 1U);
  clinic_.post(
      "{'resourceType':'CareTeam','id':'ct','subject':{'reference':"
      "'Patient/p1'},'participant':[{'role':[{'coding':[{'system':"
      "'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':"
      "'ATND'}]}],'member':{'reference':'Practitioner/therapist'}}]}");
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

TEST_F(HoldsTest, APreferredProviderPlanIsNoWorkersCompensation) {
  clinic_.post(
      "{'resourceType':'Coverage','id':'c1','status':'active','type':{"
      "'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode',"
      "'code':'PPO'}]},'beneficiary':{'reference':'Patient/p1'},'payor':"
      "[{'reference':'Organization/payer'}]}");
  clinic_.post(order_json({}));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("ServiceRequest/r1 correct-referral: "
                          "coverage/not-workers-compensation "
                          "coverage/no-claim-number"));
}

TEST_F(HoldsTest, AnUnresolvedReferenceHoldsUntilItsTargetComes) {
  Clinic clinic;
  const auto parties = party_jsons();
  for (std::size_t i = 1; i < parties.size(); ++i) clinic.store(parties[i]);
  clinic.post(order_json({}));
  EXPECT_THAT(clinic.open_tasks(),
              ElementsAre("ServiceRequest/r1 correct-referral: "
                          "reference/unresolved reference/unresolved"));
  EXPECT_THAT(clinic.facts().parties(), ElementsAre("Patient/p1"));
  clinic.post(parties[0]);
  EXPECT_THAT(clinic.open_tasks(), IsEmpty());
}

// --- the authorization of a session

struct AuthorizationCase {
  const char* name;
  std::vector<Grantee> grants;
  std::string rule;
};

class UnauthorizedTest : public ::testing::TestWithParam<AuthorizationCase> {};

TEST_P(UnauthorizedTest, LeavesAnEncounterAndADraft) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  for (const auto& grant : GetParam().grants) clinic.post(grant_json(grant));
  EXPECT_THAT(clinic.open_tasks(), IsEmpty());
  clinic.post(session_json(three_hours("s0", "2026-04-13")));
  clinic.post(session_json(three_hours("s1", "2026-04-14")));
  EXPECT_THAT(clinic.open_tasks(),
              ::testing::Contains("Procedure/s1 obtain-authorization: " +
                                  GetParam().rule));
  EXPECT_EQ(clinic.claims().back(), "draft 97545x1 97546x1 302.00");
  EXPECT_EQ(clinic.all("Encounter").size(), 2U);
  // Released by itself when a grant comes that covers it.
  clinic.post(grant_json({.id = "late", .number = "PA-9"}));
  EXPECT_EQ(clinic.claims().back(), "active 97545x1 97546x1 302.00 PA-9");
  EXPECT_THAT(clinic.open_tasks(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, UnauthorizedTest,
    ::testing::Values(
        AuthorizationCase{"None", {}, "ledger/no-authorization"},
        AuthorizationCase{"BeforeStart",
                          {{.from = "2026-04-15", .to = "2026-05-30"}},
                          "ledger/before-start"},
        AuthorizationCase{"Expired",
                          {{.from = "2026-03-01", .to = "2026-04-10"}},
                          "ledger/expired"},
        AuthorizationCase{"Exhausted", {{.visits = "1"}}, "ledger/exhausted"},
        AuthorizationCase{"CreatedAfterTheSession",
                          {{.created = "2026-04-20T08:00:00-05:00"}},
                          std::string(kPack) + "/A6"},
        AuthorizationCase{"CreatedAtTheStart",
                          {{.created = "2026-04-14T08:00:00-05:00"}},
                          std::string(kPack) + "/A6"}),
    [](const auto& row) { return row.param.name; });

TEST_F(HoldsTest, ARetroactiveGrantReleasesOnlyWhereThePackAllowsIt) {
  auto site = demo_site();
  site.overrides["clinic-work-conditioning"]["retroAuthAllowed"] = "true";
  Clinic clinic(std::move(site));
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({.created = "2026-04-20T08:00:00-05:00"}));
  clinic.post(session_json(three_hours("s1", "2026-04-14")));
  EXPECT_THAT(clinic.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
}

TEST_F(HoldsTest, AnotherUnitIsHeldByName) {
  clinic_.post(order_json({}));
  clinic_.post(grant_json({.unit = "MO"}));
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre("ClaimResponse/a1 link-authorization: authorization/unit"));
  clinic_.post(session_json(three_hours("s1", "2026-04-14")));
  EXPECT_THAT(clinic_.claims(), ElementsAre("draft 97545x1 97546x1 302.00"));
}

TEST_F(HoldsTest, AVerbalGrantIsHeld) {
  clinic_.post(order_json({}));
  clinic_.post(grant_json({.number = ""}));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("ClaimResponse/a1 link-authorization: "
                          "authorization/no-number"));
}

TEST_F(HoldsTest, AGrantThatFitsTwoReferralsMustBeLinked) {
  clinic_.post(order_json({}));
  clinic_.post(order_json({.id = "r2"}));
  clinic_.post(grant_json({}));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("ClaimResponse/a1 link-authorization: "
                          "authorization/unlinked"));
  clinic_.post(
      order_json({.id = "r2",
                  .insurance = "[{'reference':'Coverage/c1'},{'reference':"
                               "'ClaimResponse/a1'}]"}));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

// --- the session itself

TEST_F(HoldsTest, UnderTheMinimumThereIsNoClaim) {
  ready();
  clinic_.post(session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T09:45:00-05:00"}));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/s1 review-session: " + std::string(kPack) +
                          "/A10"));
  EXPECT_THAT(clinic_.claims(), IsEmpty());
  EXPECT_EQ(clinic_.all("Encounter").size(), 1U);
  const auto plan = clinic_.plan();
  ASSERT_EQ(plan.balances.size(), 1U);
  EXPECT_EQ(plan.balances[0].reserved, 1000);
  EXPECT_EQ(plan.balances[0].used, 0);
  clinic_.post(session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T10:00:00-05:00"}));
  EXPECT_THAT(clinic_.claims(), ElementsAre("active 97545x1 210.00 PA-7001"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

TEST_F(HoldsTest, OverTheMaximumIsADraftWithTrueUnits) {
  ready();
  clinic_.post(session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T14:00:00-05:00"}));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("draft 97545x1 97546x4 578.00 PA-7001"));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/s1 review-session: " + std::string(kPack) +
                          "/A24"));
}

TEST_F(HoldsTest, OverlappingMinutesCountOnceAndHold) {
  ready();
  clinic_.post(session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T10:30:00-05:00"}));
  clinic_.post(session_json({.id = "s2",
                             .start = "2026-04-13T10:00:00-05:00",
                             .end = "2026-04-13T11:00:00-05:00"}));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("draft 97545x1 97546x1 302.00 PA-7001"));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/s2 review-session: ledger/overlap"));
  clinic_.post(session_json({.id = "s2",
                             .start = "2026-04-13T10:00:00-05:00",
                             .end = "2026-04-13T11:00:00-05:00",
                             .status = "entered-in-error"}));
  EXPECT_THAT(clinic_.claims(), ElementsAre("active 97545x1 210.00 PA-7001"));
  EXPECT_EQ(clinic_.all("Task").back()->root().get("status").text(),
            "cancelled");
}

TEST_F(HoldsTest, ASessionOfAnotherPatientIsNeverBilledToTheReferral) {
  ready();
  clinic_.store("{'resourceType':'Patient','id':'p2'}");
  const auto session = session_json(three_hours("s1", "2026-04-13"));
  auto other = session;
  other.replace(other.find("Patient/p1"), 10, "Patient/p2");
  clinic_.post(other);
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre("Procedure/s1 review-session: session/other-patient"));
  EXPECT_THAT(clinic_.claims(), IsEmpty());
  EXPECT_THAT(clinic_.all("Encounter"), IsEmpty());

  clinic_.post(session);
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
  // Amended again, nothing of it stays on the bill.
  clinic_.post(other);
  EXPECT_THAT(clinic_.claims(), ElementsAre(testing::StartsWith("cancelled ")));
}

TEST_F(HoldsTest, OtherTreatmentOfAnotherPatientIsOnNobodysBill) {
  ready();
  clinic_.post(session_json(three_hours("s1", "2026-04-13")));
  auto treatment = session_json(
      {.id = "t1",
       .start = "2026-04-13T14:00:00-05:00",
       .end = "2026-04-13T14:30:00-05:00",
       .code = "{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':"
               "'97110'}]}"});
  treatment.replace(treatment.find("Patient/p1"), 10, "Patient/p2");
  clinic_.store("{'resourceType':'Patient','id':'p2'}");
  clinic_.post(treatment);
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre("Procedure/t1 review-session: session/other-patient"));
}

TEST_F(HoldsTest, TheSameSessionUnderAnotherKeyIsADuplicate) {
  ready();
  clinic_.post(session_json(three_hours("s1", "2026-04-13")));
  clinic_.post(session_json(three_hours("s2", "2026-04-13")));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("draft 97545x1 97546x1 302.00 PA-7001"));
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre("Procedure/s2 review-session: ledger/duplicate-session"));
}

TEST_F(HoldsTest, ASessionInTheFutureIsHeldWithoutAnEncounter) {
  ready();
  clinic_.now_ = *parse_instant("2026-04-13T15:59:59Z");
  clinic_.post(session_json(three_hours("s1", "2026-04-13")));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/s1 review-session: time/future"));
  EXPECT_THAT(clinic_.all("Encounter"), IsEmpty());
  clinic_.now_ = *parse_instant("2026-04-13T16:00:00Z");
  clinic_.run();
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
}

TEST_F(HoldsTest, ASessionUnderAHeldReferralIsHeldForItsReasons) {
  clinic_.post(order_json(not_attending()));
  clinic_.post(grant_json({}));
  clinic_.post(session_json(three_hours("s1", "2026-04-13")));
  EXPECT_THAT(clinic_.open_tasks(),
              UnorderedElementsAre("ServiceRequest/r1 correct-referral: " + kA2,
                                   "Procedure/s1 review-session: " + kA2));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("draft 97545x1 97546x1 302.00 PA-7001"));
  clinic_.post(order_json({}));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
}

TEST_F(HoldsTest, ASessionBeforeItsReferralWaitsForIt) {
  clinic_.post(session_json(three_hours("s1", "2026-04-13")));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/s1 review-session: reference/unresolved"));
  ready();
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
}

TEST_F(HoldsTest, OtherCodesAreDroppedWithAFinding) {
  ready();
  clinic_.post(session_json(three_hours("s1", "2026-04-21")));
  Attended other{.id = "x1",
                 .start = "2026-04-21T13:00:00-05:00",
                 .end = "2026-04-21T13:40:00-05:00"};
  other.code =
      "{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':"
      "'97110'}]}";
  clinic_.post(session_json(other));
  other.id = "x2";
  other.code =
      "{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':"
      "'97161'}]}";
  other.start = "2026-04-21T14:00:00-05:00";
  other.end = "2026-04-21T14:40:00-05:00";
  clinic_.post(session_json(other));
  EXPECT_THAT(clinic_.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  std::vector<std::string> rules;
  const auto plan = clinic_.plan();
  for (const auto* one : plan.unmet()) rules.emplace_back(one->rule);
  EXPECT_THAT(rules, ::testing::IsSupersetOf({std::string(kPack) + "/A16",
                                              std::string(kPack) + "/A18"}));
}

// --- the claim

TEST_F(HoldsTest, WhatTheLineLacksMakesADraftThatNeverSaysZero) {
  auto site = demo_site();
  site.fees.erase("97546");
  Clinic clinic(std::move(site));
  clinic.store_parties();
  clinic.store("{'resourceType':'Location','id':'l1'}");
  clinic.store("{'resourceType':'Practitioner','id':'therapist'}");
  clinic.store(
      "{'resourceType':'Condition','id':'d1','subject':{'reference':"
      "'Patient/p1'},'onsetDateTime':'2025-11-18'}");
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  clinic.post(session_json(three_hours("s1", "2026-04-13")));
  EXPECT_THAT(clinic.claims(), ElementsAre("draft 97545x1 97546x1  PA-7001"));
  const auto claim = clinic.all("Claim").front();
  EXPECT_FALSE(claim->root().get("total").exists());
  EXPECT_THAT(
      clinic.open_tasks(),
      ElementsAre("Claim/" + std::string(claim->root().get("id").text()) +
                  " review-claim: billing/no-fee billing/no-diagnosis "
                  "billing/no-provider billing/no-npi"));
  EXPECT_THAT(claim->source(), HasSubstr("data-absent-reason"));
}

TEST_F(HoldsTest, ASixthDayOfAWeekIsHeld) {
  ready();
  for (const auto* day : {"12", "13", "14", "15", "16", "17"}) {
    clinic_.post(session_json(
        three_hours(std::string("s") + day, std::string("2026-04-") + day)));
  }
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());  // Sunday is another week
  clinic_.post(session_json(three_hours("s18", "2026-04-18")));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/s18 review-session: " +
                          std::string(kPack) + "/A23"));
}

}  // namespace
}  // namespace gateway::billing
