// What comes after a claim was pulled, an episode was discharged, or a session
// was held: nothing of it stays unsaid.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "billing/denials.h"
#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string with(std::string text, const std::string& from,
                 const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

std::string treatment(const std::string& code, const std::string& end,
                      const std::string& referral = "ServiceRequest/r1") {
  return session_json(
      {.id = "x" + code,
       .start = "2026-04-06T13:00:00-05:00",
       .end = "2026-04-06T" + end + ":00-05:00",
       .referral = referral,
       .code =
           "{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'" +
           code + "'}]}"});
}

class AfterTheFactTest : public ::testing::Test {
 protected:
  AfterTheFactTest() {
    clinic_.store_parties();
    clinic_.post(order_json({}));
    clinic_.post(grant_json({}));
  }
  void session(const std::string& date) {
    clinic_.post(session_json({.id = "s" + date,
                               .start = date + "T08:00:00-05:00",
                               .end = date + "T11:00:00-05:00"}));
  }
  void pull() {
    for (const auto& claim : clinic_.all("Claim")) {
      if (claim->root().get("status").text() != "active") continue;
      clinic_.pull("Claim/" + std::string(claim->root().get("id").text()));
    }
    clinic_.run();
  }
  void number(const std::string& claim, const std::string& number) {
    clinic_.post("{'resourceType':'ClaimResponse','id':'n" + number +
                 "','use':'claim','status':'active','patient':{'reference':"
                 "'Patient/p1'},'identifier':[{'value':'" +
                 number + "'}],'request':{'reference':'" + claim + "'}}");
  }
  std::string party(const std::string& type) {
    for (const auto& text : party_jsons()) {
      if (text.find("'" + type + "'") != std::string::npos) return text;
    }
    return {};
  }
  void discharge(const std::string& more) {
    const auto known = clinic_.all("EpisodeOfCare").at(0);
    const auto root = known->root();
    clinic_.post("{'resourceType':'EpisodeOfCare','id':'" +
                 std::string(root.get("id").text()) +
                 "','identifier':" + std::string(root.get("identifier").raw()) +
                 ",'patient':{'reference':'Patient/p1'},'referralRequest':"
                 "[{'reference':'ServiceRequest/r1'}],'status':'finished'" +
                 more + "}");
  }
  std::vector<std::string> warnings(const std::string& focus = {}) {
    std::vector<std::string> rules;
    const auto plan = clinic_.plan();
    for (const auto* one : plan.unmet()) {
      if (focus.empty() || one->focus == focus) {
        rules.emplace_back(one->rule);
      }
    }
    return rules;
  }

  Clinic clinic_;
};

// --- the pulled claim

struct Change {
  const char* name;
  std::string type, from, to;
  const char* said;
};

TEST_F(AfterTheFactTest, APulledClaimThatSaysOtherwiseIsTold) {
  session("2026-04-06");
  pull();
  ASSERT_THAT(clinic_.open_tasks(), IsEmpty());
  const Change changes[] = {
      {"code", "Condition", "S39.012D", "M54.16", "diagnosis"},
      {"onset", "Condition", "2025-11-18", "2025-11-19", "date of injury"},
      {"number", "Coverage", "WC-2026-000417", "WC-2026-000418",
       "claim number"},
      {"place", "Location", "'id':'l1',",
       "'id':'l1','type':[{'coding':[{'system':'https://www.cms.gov/Medicare/"
       "Coding/place-of-service-codes/Place_of_Service_Code_Set','code':"
       "'62'}]}],",
       "place of service"}};
  for (const auto& change : changes) {
    const auto before = party(change.type);
    clinic_.post(with(before, change.from, change.to));
    EXPECT_THAT(
        clinic_.open_tasks(),
        Contains(HasSubstr("review-claim: billing/differs-from-pulled")))
        << change.name;
    EXPECT_EQ(clinic_.all("Claim").size(), 1U) << change.name;
    EXPECT_THAT(
        clinic_.body(
            "Task/" +
            std::string(clinic_.all("Task").back()->root().get("id").text())),
        HasSubstr(change.said));
    clinic_.post(before);
    EXPECT_THAT(clinic_.open_tasks(), IsEmpty()) << change.name;
  }
}

TEST_F(AfterTheFactTest, AnotherPayerGetsTheBillOnceTheFirstHasTheVoid) {
  session("2026-04-06");
  pull();
  number(
      "Claim/" + std::string(clinic_.all("Claim")[0]->root().get("id").text()),
      "ICN-1");
  clinic_.store("{'resourceType':'Organization','id':'other','name':'Other'}");
  clinic_.post(with(party("Coverage"),
                    "'payor':[{'reference':'Organization/payer",
                    "'payor':[{'reference':'Organization/other"));
  clinic_.post(with(grant_json({.id = "a2", .number = "PB-1"}),
                    "Organization/payer", "Organization/other"));
  ASSERT_EQ(clinic_.all("Claim").size(), 2U);
  const auto void_claim = clinic_.all("Claim")[1];
  EXPECT_EQ(void_claim->root().get("status").text(), "active");
  EXPECT_THAT(std::string(void_claim->root().raw()),
              HasSubstr("\"valueCode\":\"8\""));
  EXPECT_EQ(void_claim->root().find("insurer.reference").text(),
            "Organization/payer");
  pull();
  ASSERT_EQ(clinic_.all("Claim").size(), 3U);
  const auto anew = clinic_.all("Claim")[2];
  EXPECT_EQ(anew->root().find("insurer.reference").text(),
            "Organization/other");
  EXPECT_EQ(clinic_.claims()[2], "active 97545x1 97546x1 302.00 PB-1");
}

// --- the discharge

TEST_F(AfterTheFactTest, ADischargeFreesWhatWasBookedBehindIt) {
  session("2026-04-06");
  clinic_.post(
      "{'resourceType':'Appointment','id':'b1','status':'booked','start':"
      "'2026-06-08T08:00:00-05:00','end':'2026-06-08T11:00:00-05:00',"
      "'basedOn':[{'reference':'ServiceRequest/r1'}],'participant':[{'actor':"
      "{'reference':'Practitioner/therapist'},'status':'accepted'}]}");
  const auto before = clinic_.open_tasks();
  ASSERT_THAT(before, Contains(HasSubstr("obtain-authorization")));
  discharge(",'period':{'end':'2026-05-01'}");
  EXPECT_THAT(clinic_.open_tasks(), Not(Contains(HasSubstr("obtain-auth"))));
  EXPECT_THAT(clinic_.open_tasks(),
              Contains("Appointment/b1 review-session: episode/discharged"));
}

TEST_F(AfterTheFactTest, ASessionAfterTheDischargeWaits) {
  session("2026-04-06");
  discharge(",'period':{'end':'2026-04-10'}");
  session("2026-04-10");
  EXPECT_THAT(clinic_.claims().at(1), HasSubstr("active"));
  session("2026-04-13");
  EXPECT_THAT(clinic_.claims().at(2), HasSubstr("draft"));
  EXPECT_THAT(clinic_.open_tasks(), Contains(HasSubstr("episode/discharged")));
  discharge(",'period':{'end':'2026-04-13'}");
  EXPECT_THAT(clinic_.claims().at(2), HasSubstr("active"));
}

// Without an end, nothing is after it until the day on which it was told.
TEST_F(AfterTheFactTest, ADischargeWithoutADayIsOfTheDayItCame) {
  session("2026-04-06");
  discharge("");
  session("2026-04-13");
  EXPECT_THAT(clinic_.claims().at(1), HasSubstr("active"));
}

// The EHR's own EpisodeOfCare is the word; the gateway's repeats it, and is not
// taken for a second one.
TEST_F(AfterTheFactTest, ADischargeOfTheSenderStaysItsOwn) {
  const auto sent = [](const std::string& status,
                       const std::string& end = "2026-04-07") {
    return "{'resourceType':'EpisodeOfCare','id':'e1','status':'" + status +
           "','patient':{'reference':'Patient/p1'},'referralRequest':"
           "[{'reference':'ServiceRequest/r1'}],'period':{'end':'" +
           end +
           "'},"
           "'extension':[{'url':'https://workgate.example/fhir/"
           "StructureDefinition/discharge-reason','valueCode':'goals-met'}]}";
  };
  const auto ours = [&] {
    for (const auto& one : clinic_.all("EpisodeOfCare")) {
      if (one->root().get("id").text() != "e1") return one;
    }
    return SharedDocument();
  };
  session("2026-04-06");
  clinic_.post(sent("finished"));
  session("2026-04-09");
  EXPECT_THAT(clinic_.claims().at(1), HasSubstr("draft"));
  session("2026-04-07");
  EXPECT_THAT(clinic_.claims().at(1), HasSubstr("draft"));
  EXPECT_THAT(clinic_.claims().at(2), HasSubstr("active"));
  const auto own = ours();
  const auto root = own->root();
  EXPECT_EQ(root.get("status").text(), "finished");
  EXPECT_EQ(root.find("period.end").text(), "2026-04-07");
  EXPECT_NE(root.raw().find("EpisodeOfCare/e1"), std::string_view::npos);
  EXPECT_NE(root.raw().find("goals-met"), std::string_view::npos);
  // Amended, it is repeated as amended.
  clinic_.post(sent("finished", "2026-04-08"));
  EXPECT_EQ(ours()->root().find("period.end").text(), "2026-04-08");
  clinic_.post(sent("entered-in-error"));
  EXPECT_EQ(ours()->root().get("status").text(), "active");
  EXPECT_FALSE(ours()->root().find("period.end").exists());
  EXPECT_THAT(clinic_.claims().at(1), HasSubstr("active"));
}

// Of the authorization nothing is left for what comes late, and it is told why.
TEST_F(AfterTheFactTest, WhatCameAfterLaterDatesWereBilledSaysSo) {
  clinic_.post(grant_json({.visits = "1"}));
  session("2026-04-07");
  pull();
  session("2026-04-06");
  EXPECT_THAT(warnings(), Contains("ledger/billed-first"));
  EXPECT_THAT(clinic_.claims().at(1), HasSubstr("draft"));
}

// What another authorization was billed for took nothing from this one.
TEST_F(AfterTheFactTest, WhatWasBilledOnAnotherAuthorizationCameNotFirst) {
  clinic_.post(grant_json({.to = "2026-04-10", .visits = "1"}));
  clinic_.post(grant_json(
      {.id = "a2", .number = "PA-7002", .from = "2026-04-13", .visits = "8"}));
  session("2026-04-06");
  session("2026-04-13");
  pull();
  session("2026-04-08");
  EXPECT_THAT(warnings(), Not(Contains("ledger/billed-first")));
}

TEST_F(AfterTheFactTest, NobodyCameFirstWhereNothingWasBilled) {
  clinic_.post(grant_json({.visits = "1"}));
  session("2026-04-07");
  session("2026-04-06");
  EXPECT_THAT(warnings(), Not(Contains("ledger/billed-first")));
}

// --- the extension

TEST_F(AfterTheFactTest, AnExtensionDoesNotPutTheProgressNoteOff) {
  clinic_.post(grant_json({.visits = "4"}));
  for (const auto* date : {"2026-04-06", "2026-04-07", "2026-04-08"}) {
    session(date);
  }
  const auto due = [&] {
    std::vector<std::optional<std::int64_t>> found;
    for (const auto& visit : clinic_.plan().visits) {
      found.push_back(visit.facts.value(program::Fact::session_past_half));
    }
    return found;
  };
  EXPECT_THAT(due(), ElementsAre(0, 1, 1));
  clinic_.post(grant_json({.id = "a2",
                           .number = "PA-7002",
                           .created = "2026-04-08T10:00:00-05:00",
                           .visits = "8"}));
  EXPECT_THAT(due(), ElementsAre(0, 1, 1));
}

TEST_F(AfterTheFactTest, AnExtensionMayBeginOnTheDayOfTheFirst) {
  clinic_.post(grant_json({.visits = "1"}));
  clinic_.post(grant_json({.id = "a2",
                           .number = "PA-7002",
                           .created = "2026-04-06T10:00:00-05:00",
                           .to = "2026-05-20",
                           .visits = "8"}));
  session("2026-04-06");
  session("2026-04-07");
  const auto plan = clinic_.plan();
  std::vector<std::optional<std::int64_t>> found;
  for (const auto& visit : plan.visits) {
    found.push_back(visit.facts.value(program::Fact::session_extension));
  }
  EXPECT_THAT(found, ElementsAre(0, 1));
}

// The first authorization is no extension, whichever is used first.
TEST_F(AfterTheFactTest, WhatIsOnlyGivenLaterIsNoExtension) {
  clinic_.post(grant_json({.visits = "12"}));
  clinic_.post(grant_json({.id = "a2",
                           .number = "PA-7002",
                           .created = "2026-04-02T10:00:00-05:00",
                           .to = "2026-04-30",
                           .visits = "4"}));
  session("2026-04-06");
  const auto plan = clinic_.plan();
  const auto& visit = plan.visits.at(0);
  ASSERT_NE(visit.grant, nullptr);
  EXPECT_EQ(visit.grant->number, "PA-7002");
  EXPECT_EQ(visit.facts.value(program::Fact::session_extension), 0);
}

// --- the order

TEST_F(AfterTheFactTest, AnOrderWrittenLaterIsToldAndClearsNoDenial) {
  session("2026-04-06");
  const auto cleared_codes = [&] {
    const auto plan = clinic_.plan();
    std::vector<std::string_view> codes;
    for (const auto& one : cleared(plan.visits.at(0), plan.referrals.at(0))) {
      codes.push_back(one.denial->code);
    }
    return codes;
  };
  EXPECT_THAT(cleared_codes(), Contains("288"));
  clinic_.post(with(order_json({}), "'2026-03-30'", "'2026-04-07'"));
  EXPECT_THAT(warnings("Procedure/s2026-04-06"),
              Contains("referral/written-later"));
  EXPECT_THAT(cleared_codes(), Not(Contains("288")));
  EXPECT_THAT(clinic_.claims().at(0), HasSubstr("active"));
}

// An order that replaces another was first written when that one was.
TEST_F(AfterTheFactTest, ACorrectedOrderIsAsOldAsTheFirst) {
  session("2026-04-06");
  clinic_.post(with(order_json({.id = "r2",
                                .more = ",'replaces':[{'reference':"
                                        "'ServiceRequest/r1'}]"}),
                    "'2026-03-30'", "'2026-04-07'"));
  EXPECT_THAT(warnings(), Not(Contains("referral/written-later")));
}

// --- other treatment

TEST_F(AfterTheFactTest, TreatmentAloneIsTold) {
  clinic_.post(treatment("97110", "13:30"));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("Procedure/x97110 review-session: "
                          "session/treatment-alone"));
  session("2026-04-06");
  EXPECT_THAT(clinic_.open_tasks(), Not(Contains(HasSubstr("alone"))));
}

TEST_F(AfterTheFactTest, TreatmentUnderNoReferralOfOursIsNotOurs) {
  clinic_.post(treatment("97110", "13:30", "ServiceRequest/acute"));
  EXPECT_THAT(clinic_.open_tasks(), Not(Contains(HasSubstr("alone"))));
}

TEST_F(AfterTheFactTest, TreatmentThatMakesNoLineIsTold) {
  Clinic clinic(demo_site());
  clinic.store_parties();
  const auto hardening = [](std::string text) {
    return with(std::move(text), "work-conditioning", "work-hardening");
  };
  clinic.post(hardening(order_json({})));
  clinic.post(grant_json({}));
  clinic.post(hardening(session_json({.id = "s1",
                                      .start = "2026-04-06T08:00:00-05:00",
                                      .end = "2026-04-06T11:00:00-05:00"})));
  clinic.post(treatment("97110", "13:07"));
  const auto plan = clinic.plan();
  std::vector<std::string> rules;
  for (const auto* one : plan.unmet()) rules.emplace_back(one->rule);
  EXPECT_THAT(rules, Contains("billing/treatment-not-billed"));
}

// --- the life cycle

std::vector<std::string> states(const Clinic& clinic) {
  std::vector<std::string> all;
  for (const auto& one : clinic.all("Provenance")) {
    const auto text = std::string(one->root().raw());
    for (const auto* state : {"session-finished", "session-amended"}) {
      if (text.find(state) != std::string::npos) all.emplace_back(state);
    }
  }
  return all;
}

// What began as a session under way ends once, and was amended by nobody.
TEST_F(AfterTheFactTest, TheFirstEndOfASessionIsNoAmendment) {
  const Attended session{.id = "s1",
                         .start = "2026-04-06T08:00:00-05:00",
                         .end = "2026-04-06T11:00:00-05:00",
                         .status = "in-progress"};
  clinic_.post(session_json(session));
  auto ended = session;
  ended.status = "completed";
  clinic_.post(session_json(ended));
  EXPECT_THAT(states(clinic_), ElementsAre("session-finished"));
  ended.end = "2026-04-06T12:00:00-05:00";
  clinic_.post(session_json(ended));
  EXPECT_THAT(states(clinic_),
              ElementsAre("session-finished", "session-amended"));
}

}  // namespace
}  // namespace gateway::billing
