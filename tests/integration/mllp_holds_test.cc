// What HL7 v2 messages correct, withdraw and hold, end to end: nothing is
// joined, billed or dropped in silence, and each answer names the field.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "integration/running_gateway.h"
#include "transport/mllp_client.h"

namespace gateway::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class MllpHoldsTest : public testing::Test {
 protected:
  std::string exchange(const std::string& message) {
    auto answer = client_.exchange(message);
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    return answer ? *answer : std::string();
  }
  // With another control id, which makes it another message.
  std::string exchange_as(const std::string& id, std::string message) {
    std::size_t from = 0;
    for (int i = 1; i < 10; ++i) from = message.find('|', from) + 1;
    message.replace(from, message.find('|', from) - from, id);
    const auto answer = exchange(message);
    EXPECT_THAT(answer, HasSubstr("|" + id));
    return answer;
  }
  Json first(const std::string& query) {
    kept_.push_back(gateway_.get("/fhir/" + query));
    return kept_.back().root().find("entry.resource");
  }
  std::string total(const std::string& query) {
    return std::string(
        gateway_.get("/fhir/" + query).root().get("total").text());
  }
  std::string newest(const std::string& member) {
    return std::string(gateway_.newest_message().root().get(member).text());
  }
  void expect_no_task(const std::string& rule) {
    const auto tasks = gateway_.get("/fhir/Task?status=requested");
    EXPECT_THAT(tasks.body, Not(HasSubstr(rule)));
  }

  RunningGateway gateway_;
  std::vector<Reply> kept_;
  transport::MllpClient client_{
      {.target = {.host = "127.0.0.1", .port = gateway_.mllp_port()}}};
  const std::string referral_ = sample_message("REF_I12/complete.hl7");
  const std::string session_ = sample_message("ADT_A03/session.hl7");
};

TEST_F(MllpHoldsTest, NumbersOfTwoPatientsWait) {
  const auto one = sample_message("ADT_A01/registered.hl7");
  ASSERT_THAT(exchange_as("P1", one), HasSubstr("MSA|AA|"));
  ASSERT_THAT(
      exchange_as("P2", with(with(one, "P-100", "P-200"), "0042", "0043")),
      HasSubstr("MSA|AA|"));
  const auto both =
      with(one, "P-100^^^EHR^MR", "P-100^^^EHR^MR~P-200^^^EHR^MR");
  const auto answer = exchange_as("P3", with(both, "Janet", "Joan"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|P3"));
  EXPECT_THAT(answer, HasSubstr("ERR||PID^1^3|205^"));
  EXPECT_THAT(answer, HasSubstr("|W|v2/several-patients"));
  EXPECT_THAT(answer, HasSubstr("PID-3[1]"));
  EXPECT_THAT(answer, HasSubstr("PID-3[2]"));
  EXPECT_EQ(newest("state"), "held");
  EXPECT_EQ(newest("rule"), "v2/several-patients");
  EXPECT_EQ(total("Patient"), "2");
  EXPECT_THAT(gateway_.get("/fhir/Patient").body, Not(HasSubstr("Joan")));
  EXPECT_EQ(total("Task?status=requested"), "1");
  // What names only one of them goes on.
  EXPECT_THAT(exchange_as("P4", with(one, "Janet", "June")),
              HasSubstr("MSA|AA|P4"));
  EXPECT_THAT(gateway_.get("/fhir/Patient").body, HasSubstr("June"));
}

TEST_F(MllpHoldsTest, AMessageThatWaitedForItsPatientIsTakenUp) {
  const auto one = sample_message("ADT_A01/registered.hl7");
  exchange_as("P1", one);
  exchange_as("P2", with(with(one, "P-100", "P-200"), "0042", "0043"));
  const auto both =
      with(one, "P-100^^^EHR^MR", "P-100^^^EHR^MR~P-200^^^EHR^MR");
  ASSERT_THAT(exchange_as("P3", with(both, "Janet", "Joan")),
              HasSubstr("v2/several-patients"));
  // The second patient was a mistake.
  const auto second = first("Patient?identifier=P-200");
  const std::string id(second.get("id").text());
  ASSERT_EQ(gateway_
                .put("/fhir/Patient/" + id,
                     with(std::string(second.raw()), "P-200", "mistake"))
                .status,
            200);
  gateway_.hang_up();
  while (total("Patient?identifier=P-200") == "0") {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(first("Patient?identifier=P-200").find("name.given").text(),
            "Joan");
  EXPECT_EQ(total("Task?status=requested"), "0");
}

TEST_F(MllpHoldsTest, ASessionThatEndsBeforeItBeginsIsHeldUntilCorrected) {
  ASSERT_THAT(exchange(referral_), HasSubstr("MSA|AA|"));
  const auto answer =
      exchange_as("S1", with(session_, "20260406104500", "20260406074500"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|S1"));
  EXPECT_THAT(answer, HasSubstr("ERR||PV1^1^44|"));
  EXPECT_THAT(answer, HasSubstr("|W|time/negative"));
  EXPECT_THAT(answer, Not(HasSubstr("time/no-offset")));
  EXPECT_EQ(newest("state"), "held");
  EXPECT_EQ(total("Claim?status=active"), "0");
  EXPECT_THAT(exchange_as("S2", session_), HasSubstr("MSA|AA|S2"));
  EXPECT_EQ(total("Procedure"), "1");
  expect_no_task("time/negative");
  const auto period = first("Procedure").get("performedPeriod");
  EXPECT_EQ(period.get("end").text(), "2026-04-06T10:45:00-05:00");
  EXPECT_FALSE(period.get("_end").exists());
  EXPECT_EQ(total("Claim"), "1");
}

TEST_F(MllpHoldsTest, AChargeThatEndsBeforeItBeginsIsHeldUntilCorrected) {
  ASSERT_THAT(exchange(referral_), HasSubstr("MSA|AA|"));
  const auto charge = sample_message("DFT_P03/priced.hl7");
  const auto answer =
      exchange_as("C1", with(charge, "20260406104500", "20260406074500"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|C1"));
  EXPECT_THAT(answer, HasSubstr("ERR||FT1^1^4^1^1|"));
  EXPECT_THAT(answer, HasSubstr("|W|time/negative"));
  EXPECT_EQ(total("Claim?status=active"), "0");
  EXPECT_THAT(exchange_as("C2", charge), HasSubstr("MSA|AA|C2"));
  expect_no_task("time/negative");
  EXPECT_EQ(total("Claim"), "1");
}

TEST_F(MllpHoldsTest, AGrantThatEndsBeforeItBeginsIsHeldUntilCorrected) {
  const auto wrong = with(referral_, "20260405|20260705", "20260405|20260305");
  const auto answer = exchange_as("G1", wrong);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|G1"));
  EXPECT_THAT(answer, HasSubstr("ERR||AUT^1^4|"));
  EXPECT_THAT(answer, HasSubstr("|W|time/negative"));
  EXPECT_THAT(exchange_as("G2", session_), HasSubstr("MSA|AA|G2"));
  EXPECT_EQ(total("Claim?status=active"), "0");
  const auto right = exchange_as("G3", with(referral_, "REF^I12", "REF^I13"));
  EXPECT_THAT(right, HasSubstr("MSA|AA|G3"));
  EXPECT_THAT(right, Not(HasSubstr("time/negative")));
  expect_no_task("time/negative");
}

TEST_F(MllpHoldsTest, AChangedReferralAmendsItsGrant) {
  ASSERT_THAT(exchange_as("R1", referral_), HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange_as("R2", session_), HasSubstr("MSA|AA|"));
  const auto claim = first("Claim");
  EXPECT_EQ(claim.find("insurance.preAuthRef").text(), "A-5521");
  const auto changed = with(with(referral_, "REF^I12", "REF^I13"),
                            "A-5521^GULF||12|12|", "A-5521^GULF||12|8|");
  EXPECT_THAT(exchange_as("R3", changed), HasSubstr("MSA|AA|R3"));
  EXPECT_EQ(total("ClaimResponse"), "1");
  const auto grant = first("ClaimResponse");
  EXPECT_EQ(grant.find("addItem.quantity.value").text(), "8");
  const auto explained = gateway_.get(
      "/fhir/Claim/" + std::string(claim.get("id").text()) + "/$explain",
      "demo-operator");
  EXPECT_THAT(explained.body, HasSubstr(R"("name":"granted")"));
  EXPECT_THAT(explained.body, HasSubstr("8"));
  // The same once more changes nothing.
  EXPECT_THAT(exchange_as("R4", changed), HasSubstr("MSA|AA|R4"));
  EXPECT_EQ(first("ClaimResponse").find("meta.versionId").text(), "2");
}

TEST_F(MllpHoldsTest, ASessionSentAgainIsCorrectedOnItsOwnDayOnly) {
  ASSERT_THAT(exchange_as("R1", referral_), HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange_as("R2", session_), HasSubstr("MSA|AA|"));
  EXPECT_THAT(
      exchange_as("R3", with(session_, "20260406104500", "20260406114500")),
      HasSubstr("MSA|AA|R3"));
  EXPECT_EQ(first("Procedure").find("performedPeriod.end").text(),
            "2026-04-06T11:45:00-05:00");
  const auto answer =
      exchange_as("R4", with(with(session_, "20260406080000", "20260407080000"),
                             "20260406104500", "20260407104500"));
  EXPECT_THAT(answer, HasSubstr("MSA|AE|R4"));
  EXPECT_THAT(answer, HasSubstr("ERR||PV1^1^44|205^"));
  EXPECT_THAT(answer, HasSubstr("|E|v2/other-session"));
  EXPECT_EQ(first("Procedure").find("performedPeriod.end").text(),
            "2026-04-06T11:45:00-05:00");
}

TEST_F(MllpHoldsTest, WhatWasRefusedIsFoundByItsPatient) {
  const auto listed = [this](const std::string& query) {
    return gateway_.get("/log/messages?" + query, "demo-operator");
  };
  // Nobody knows the patient yet.
  ASSERT_THAT(exchange_as("S1", session_), HasSubstr("MSA|AE|S1"));
  const auto refused = listed("key=P-100&state=rejected&replayed=false");
  const std::string id(refused.root().find("messages.id").text());
  ASSERT_FALSE(id.empty()) << refused.body;
  EXPECT_EQ(listed("key=EHR%7CP-100").root().find("messages.id").text(), id);
  ASSERT_THAT(exchange(referral_), HasSubstr("MSA|AA|"));
  const auto replay =
      gateway_.send("POST", "/log/messages/" + id + "/$replay", {},
                    {{"X-Workgate-Partner", "demo-operator"},
                     {"Content-Type", "application/x-www-form-urlencoded"}});
  ASSERT_EQ(replay.status, 200) << replay.body;
  EXPECT_EQ(total("Procedure"), "1");
  EXPECT_EQ(listed("key=P-100&state=rejected&replayed=false")
                .root()
                .get("messages")
                .size(),
            0U);
  const auto shown = listed("state=rejected&replayed=true");
  EXPECT_EQ(shown.root().find("messages.id").text(), id);
  EXPECT_EQ(shown.root().find("messages.replayedAs.state").text(),
            replay.root().get("state").text());
  // Sessions are found by their patient whatever became of them.
  EXPECT_EQ(listed("key=P-100").root().get("messages").size(), 3U);
}

TEST_F(MllpHoldsTest, ACancellationMayComeBeforeItsOrder) {
  const auto order = sample_message("OMG_O19/complete.hl7");
  const auto cancel = with(order, "ORC|NW|", "ORC|CA|");
  ASSERT_THAT(exchange_as("C1", cancel), HasSubstr("MSA|AA|C1"));
  const auto late = exchange_as("C2", order);
  EXPECT_THAT(late, HasSubstr("MSA|AA|C2"));
  EXPECT_THAT(late, HasSubstr("|W|v2/already-cancelled"));
  EXPECT_EQ(total("ServiceRequest"), "1");
  EXPECT_EQ(total("ServiceRequest?status=revoked"), "1");
  EXPECT_THAT(exchange_as("C3", order), HasSubstr("v2/already-cancelled"));
  EXPECT_EQ(total("ServiceRequest"), "1");
}

TEST_F(MllpHoldsTest, ASlotMayBeCancelledBeforeItIsBooked) {
  ASSERT_THAT(exchange(referral_), HasSubstr("MSA|AA|"));
  const auto booked = sample_message("SIU_S12/booked.hl7");
  ASSERT_THAT(exchange_as("A1", with(booked, "SIU^S12", "SIU^S15")),
              HasSubstr("MSA|AA|A1"));
  const auto late = exchange_as("A2", booked);
  EXPECT_THAT(late, HasSubstr("MSA|AA|A2"));
  EXPECT_THAT(late, HasSubstr("|W|v2/already-cancelled"));
  EXPECT_EQ(total("Appointment?status=cancelled"), "1");
  EXPECT_EQ(total("Appointment"), "1");
}

TEST_F(MllpHoldsTest, AChargeThatWasCreditedIsChargedAnew) {
  ASSERT_THAT(exchange(referral_), HasSubstr("MSA|AA|"));
  const auto charge = sample_message("DFT_P03/session.hl7");
  ASSERT_THAT(exchange_as("D1", charge), HasSubstr("MSA|AA|D1"));
  const std::string sessions = "Procedure?identifier=T-1&status=";
  ASSERT_EQ(total(sessions + "completed"), "1");
  ASSERT_THAT(exchange_as("D2", with(charge, "|CG|", "|CD|")),
              HasSubstr("MSA|AA|D2"));
  EXPECT_EQ(total(sessions + "entered-in-error"), "1");
  EXPECT_THAT(exchange_as("D3", with(charge, "104500", "101500")),
              HasSubstr("MSA|AA|D3"));
  EXPECT_EQ(first(sessions + "completed").find("performedPeriod.end").text(),
            "2026-04-06T10:15:00-05:00");
}

// A charge of a message and its credit: the later counts, the earlier is told.
TEST_F(MllpHoldsTest, OneMessageMayCreditAndChargeANumber) {
  ASSERT_THAT(exchange(referral_), HasSubstr("MSA|AA|"));
  const auto charge = sample_message("DFT_P03/one-charge.hl7");
  const auto line = charge.substr(charge.find("FT1|"));
  const auto credit = with(line, "|CG|", "|CD|");
  const std::string sessions = "Procedure?identifier=T-1&status=";
  // Nothing, where nothing is stored.
  const auto nothing = exchange_as("D1", charge + credit);
  EXPECT_THAT(nothing, HasSubstr("MSA|AA|D1"));
  EXPECT_THAT(nothing, HasSubstr("|I|map/taken-back"));
  EXPECT_THAT(nothing, HasSubstr("|W|v2/nothing-to-withdraw"));
  EXPECT_EQ(total("Procedure"), "0");
  ASSERT_THAT(exchange_as("D2", charge), HasSubstr("MSA|AA|D2"));
  ASSERT_EQ(total(sessions + "completed"), "1");
  // Charged anew: nothing of what was credited is left.
  const auto head = charge.substr(0, charge.find("FT1|"));
  const auto shorter = with(line, "^20260406104500-0500", "");
  EXPECT_THAT(exchange_as("D3", head + credit + shorter),
              AllOf(HasSubstr("MSA|AA|D3"), HasSubstr("|I|map/taken-back")));
  EXPECT_EQ(first(sessions + "completed").find("performedPeriod.end").text(),
            "");
  EXPECT_THAT(exchange_as("D4", head + credit + with(line, "104500", "101500")),
              HasSubstr("MSA|AA|D4"));
  EXPECT_EQ(first(sessions + "completed").find("performedPeriod.end").text(),
            "2026-04-06T10:15:00-05:00");
  EXPECT_THAT(exchange_as("D5", head + line + credit), HasSubstr("MSA|AA|D5"));
  EXPECT_EQ(total(sessions + "entered-in-error"), "1");
  EXPECT_EQ(total("Procedure"), "1");
}

TEST_F(MllpHoldsTest, ASlotOfSeveralDaysIsRefusedWithItsRemedy) {
  ASSERT_THAT(exchange(referral_), HasSubstr("MSA|AA|"));
  const auto answer = exchange_as("A1", sample_message("SIU_S12/two-days.hl7"));
  EXPECT_THAT(answer, AllOf(HasSubstr("MSA|AE|A1"), HasSubstr("|E|map/invalid"),
                            HasSubstr("a number of its own in SCH-1")));
  EXPECT_EQ(total("Appointment"), "0");
}

TEST_F(MllpHoldsTest, AnOrderWithoutANumberIsToldAndKeptOnce) {
  const auto order =
      with(sample_message("OMG_O19/complete.hl7"), "|O-55^EHR|", "||");
  for (const auto* id : {"N1", "N2"}) {
    const auto answer = exchange_as(id, order);
    EXPECT_THAT(answer, HasSubstr("MSA|AA|"));
    EXPECT_THAT(answer, HasSubstr("|W|v2/no-number"));
    EXPECT_EQ(total("ServiceRequest"), "1");
  }
  // What names no order cancels none.
  const auto cancel = exchange_as("N3", with(order, "ORC|NW|", "ORC|CA|"));
  EXPECT_THAT(cancel, HasSubstr("MSA|AA|N3"));
  EXPECT_THAT(cancel, HasSubstr("without the number of the order"));
  EXPECT_EQ(total("ServiceRequest?status=active"), "1");
  EXPECT_EQ(total("ServiceRequest"), "1");
}

TEST_F(MllpHoldsTest, ASecondTimingHoldsTheOrderUntilItIsSaidAnew) {
  const auto order = sample_message("OMG_O19/complete.hl7");
  const auto both =
      with(order, "\rOBR|1|", "\rTQ1|2|8|2XW|||6^W|20260505\rOBR|1|");
  const auto answer = exchange_as("T1", both);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|T1"));
  EXPECT_THAT(answer, HasSubstr("|W|invariant/wc-ref-6"));
  const auto tasks = gateway_.get("/fhir/Task?status=requested");
  EXPECT_THAT(tasks.body, HasSubstr("wc-ref-6"));
  EXPECT_THAT(first("ServiceRequest").raw(), HasSubstr("timing: 8 times, 2XW"));
  EXPECT_THAT(exchange_as("T2", with(order, "ORC|NW|", "ORC|XO|")),
              HasSubstr("MSA|AA|T2"));
  expect_no_task("wc-ref-6");
}

TEST_F(MllpHoldsTest, TheLaneSaysWhenTheAnswerWasWritten) {
  ASSERT_THAT(exchange(referral_), HasSubstr("MSA|AA|"));
  std::string at;
  for (auto shown = gateway_.newest_message(); at.empty();
       shown = gateway_.newest_message()) {
    const Json last = shown.root().get("lane").at(5);
    ASSERT_EQ(last.get("step").text(), "acknowledged");
    at = last.get("at").text();
    if (at.empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      continue;
    }
    const Json committed = shown.root().get("lane").at(4);
    EXPECT_LT(parse_instant(committed.get("at").text()), parse_instant(at));
  }
}

TEST_F(MllpHoldsTest, AMessageIsNotHeldForWhatOthersDid) {
  ASSERT_THAT(exchange_as("R1", referral_), HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange(sample_message("ADT_A03/no-times.hl7")),
              HasSubstr("time/no-offset"));
  EXPECT_EQ(newest("state"), "held");
  const auto update =
      with(with(sample_message("ADT_A01/registered.hl7"), "ADT^A04", "ADT^A08"),
           "2 Oak St", "9 Elm St");
  const auto answer = exchange_as("U1", update);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|U1"));
  EXPECT_THAT(answer, Not(HasSubstr("time/no-offset")));
  EXPECT_EQ(newest("state"), "accepted");
  EXPECT_EQ(newest("rule"), "");
}

TEST_F(MllpHoldsTest, ACancelledVisitTakesItsSessionAndClaimAlong) {
  ASSERT_THAT(exchange_as("R1", referral_), HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange_as("R2", session_), HasSubstr("MSA|AA|"));
  EXPECT_EQ(first("Encounter?identifier=V-900").get("status").text(),
            "finished");
  const auto answer =
      exchange_as("R3", sample_message("ADT_A09/cancelled.hl7"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|R3"));
  EXPECT_THAT(answer, Not(HasSubstr("v2/nothing-to-withdraw")));
  EXPECT_EQ(first("Encounter?identifier=V-900").get("status").text(),
            "cancelled");
  EXPECT_EQ(first("Procedure").get("status").text(), "entered-in-error");
  EXPECT_EQ(total("Claim?status=cancelled"), "1");
  EXPECT_EQ(total("Encounter?status=finished"), "0");
  // It took place after all.
  EXPECT_THAT(exchange_as("R4", session_), HasSubstr("MSA|AA|R4"));
  EXPECT_EQ(first("Procedure").get("status").text(), "completed");
}

TEST_F(MllpHoldsTest, WhatNobodyKnowsIsNotWithdrawnInSilence) {
  const auto answer = exchange(sample_message("ADT_A09/cancelled.hl7"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|"));
  EXPECT_THAT(answer, HasSubstr("ERR||PV1^1^19^1^1|204^"));
  EXPECT_THAT(answer, HasSubstr("|W|v2/nothing-to-withdraw"));
  EXPECT_EQ(newest("rule"), "v2/nothing-to-withdraw");
  EXPECT_EQ(total("Procedure"), "0");
  EXPECT_EQ(total("Encounter"), "0");
  // A visit that was only begun had no session.
  const auto begun = with(with(session_, "A03^ADT_A03", "A04^ADT_A01"),
                          "20260406104500-0500", "");
  ASSERT_THAT(exchange_as("V1", begun), HasSubstr("MSA|AA|"));
  EXPECT_THAT(exchange_as("V2", sample_message("ADT_A09/cancelled.hl7")),
              Not(HasSubstr("ERR|")));
  EXPECT_EQ(first("Encounter").get("status").text(), "cancelled");
  EXPECT_EQ(total("Procedure"), "0");
}

TEST_F(MllpHoldsTest, HalfAVisitIsNotGranted) {
  const auto answer =
      exchange(with(referral_, "A-5521^GULF||12|12|", "A-5521^GULF||12|1.5|"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|"));
  EXPECT_THAT(answer, HasSubstr("ERR||AUT^1^9|"));
  EXPECT_THAT(answer, HasSubstr("|W|authorization/no-quantity"));
  EXPECT_THAT(answer, HasSubstr("whole visits"));
  EXPECT_EQ(newest("state"), "held");
}

TEST_F(MllpHoldsTest, AHoldNamesItsField) {
  EXPECT_THAT(exchange(referral_), HasSubstr("ERR||RF1^1^7|199^"));
}

TEST_F(MllpHoldsTest, AChangedReferralWritesNoTaskThatNobodyNeeds) {
  ASSERT_THAT(exchange_as("R1", referral_), HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange_as("R2", with(referral_, "REF^I12", "REF^I13")),
              HasSubstr("MSA|AA|"));
  EXPECT_EQ(total("Task?status=completed"), "0");
}

TEST_F(MllpHoldsTest, WhatBelongsToAnotherPatientStaysAsItIs) {
  const auto order =
      with(sample_message("ORM_O01/complete.hl7"), "|P|2.3", "|P|2.5.1");
  const auto slot = sample_message("SIU_S12/booked.hl7");
  const auto charge = sample_message("DFT_P03/priced.hl7");
  int sent = 0;
  for (const auto& one : {referral_, session_, charge, slot, order}) {
    ASSERT_THAT(exchange_as("A" + std::to_string(++sent), one),
                HasSubstr("MSA|AA|"));
  }
  struct Case {
    std::string message;
    const char* place;
    const char* type;
  };
  const Case kCases[] = {
      {sample_message("ADT_A09/cancelled.hl7"), "PV1^1^19", "Procedure"},
      {with(charge, "|CG|", "|CD|"), "FT1^1^2", "Procedure"},
      {with(slot, "SIU^S12", "SIU^S15"), "SCH^1^1", "Appointment"},
      {with(referral_, "REF^I12", "REF^I13"), "RF1^1^6", "ServiceRequest"},
      {with(order, "ORC|NW", "ORC|CA"), "ORC^1^2", "ServiceRequest"}};
  for (const auto& [message, place, type] : kCases) {
    const auto before = gateway_.get(std::string("/fhir/") + type).body;
    const auto answer = exchange_as("A" + std::to_string(++sent),
                                    with(message, "P-100^", "P-300^"));
    EXPECT_THAT(answer, HasSubstr("MSA|AE|")) << place;
    EXPECT_THAT(answer, HasSubstr(std::string("ERR||") + place)) << place;
    EXPECT_THAT(answer, HasSubstr("|E|rest/other-patient")) << place;
    EXPECT_THAT(answer, HasSubstr("to do: withdraw it under its own patient"));
    EXPECT_EQ(gateway_.get(std::string("/fhir/") + type).body, before) << place;
    EXPECT_EQ(total("Patient?identifier=P-300"), "0") << place;
  }
}

TEST_F(MllpHoldsTest, WhatAnUpdateMakesInvalidIsNeverStored) {
  const auto begun = with(with(session_, "A03^ADT_A03", "A04^ADT_A01"),
                          "20260406104500-0500", "");
  ASSERT_THAT(exchange_as("V1", begun), HasSubstr("MSA|AA|"));
  // An end alone, before the start that is stored.
  const auto ended =
      with(with(session_, "A03^ADT_A03", "A08^ADT_A01"),
           "20260406080000-0500|20260406104500-0500", "|20260406070000-0500");
  const auto answer = exchange_as("V2", ended);
  EXPECT_THAT(answer, HasSubstr("MSA|AE|V2"));
  EXPECT_THAT(answer, HasSubstr("ERR||PV1^1^45|"));
  EXPECT_THAT(answer, HasSubstr("|E|time/negative"));
  EXPECT_EQ(newest("state"), "rejected");
  const auto visit = first("Encounter");
  EXPECT_EQ(visit.find("meta.versionId").text(), "1");
  EXPECT_FALSE(visit.find("period.end").exists());
}

}  // namespace
}  // namespace gateway::integration
