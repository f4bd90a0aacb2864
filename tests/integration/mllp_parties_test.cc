// Whose a number is, end to end: a patient's is its facility's, a claim's is
// its carrier's, and no worker's referral is refused for another's number.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "integration/running_gateway.h"
#include "transport/mllp_client.h"

namespace gateway::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

class MllpPartiesTest : public testing::Test {
 protected:
  std::string exchange(const std::string& message) {
    auto answer = client_.exchange(message);
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    return answer ? *answer : std::string();
  }
  // What stands at `path` in the resources that a query finds, each once.
  std::set<std::string> values(const std::string& query,
                               const std::string& path) {
    std::set<std::string> all;
    const auto found = gateway_.get("/fhir/" + query);
    for (const Json entry : found.root().get("entry")) {
      all.insert(std::string(entry.get("resource").find(path).text()));
    }
    return all;
  }
  std::string total(const std::string& query) {
    return std::string(
        gateway_.get("/fhir/" + query).root().get("total").text());
  }

  RunningGateway gateway_;
  transport::MllpClient client_{
      {.target = {.host = "127.0.0.1", .port = gateway_.mllp_port()}}};
};

// Another worker's referral, under numbers of its own.
std::string other_referral() {
  auto message = sample_message("REF_I12/complete.hl7");
  message = with(message, "|R1001|", "|R2001|");
  message = with(message, "R-77^EHR", "R-88^EHR");
  message = with(message, "|X-1^HIE", "|X-2^HIE");
  message = with(message, "A-5521^GULF", "A-6621^GULF");
  message = with(message, "Doe^Janet^Q", "Smith^Bob^Z");
  return with(message, "P-100^^^EHR", "P-200^^^EHR");
}

TEST_F(MllpPartiesTest, OneNumberOfTwoFacilitiesIsTwoPatients) {
  const auto first = sample_message("REF_I12/complete.hl7");
  ASSERT_THAT(exchange(first), HasSubstr("MSA|AA|R1001"));
  auto other = with(other_referral(), "P-200^^^EHR", "P-100^^^MERCY");
  other = with(other, "WC-2026-0042", "WC-2026-0043");
  const auto answer = exchange(other);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|R2001"));
  EXPECT_THAT(answer, Not(HasSubstr("other-patient")));
  EXPECT_EQ(total("Patient"), "2");
  // Each has a diagnosis, a visit and a coverage of its own, and the referral
  // names that of its patient.
  for (const auto* type : {"Condition", "Encounter"}) {
    EXPECT_EQ(values(type, "subject.reference").size(), 2U) << type;
  }
  EXPECT_EQ(values("Coverage", "beneficiary.reference").size(), 2U);
  EXPECT_EQ(values("ServiceRequest", "reasonReference.reference").size(), 2U);
  EXPECT_EQ(values("Task", "description").count("condition/other-patient"), 0U);

  // The same once more, as a change, adds nothing.
  auto again = with(other, "|R2001|", "|R2002|");
  again = with(again, "REF^I12", "REF^I13");
  EXPECT_THAT(exchange(again), HasSubstr("MSA|AA|R2002"));
  for (const auto* type : {"Patient", "Condition", "Encounter", "Coverage"}) {
    EXPECT_EQ(total(type), "2") << type;
  }
}

TEST_F(MllpPartiesTest, OneClaimNumberOfTwoCarriersIsTwoClaims) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  const auto other =
      with(other_referral(), "INS01^^^GULF^NIIP", "INS01^^^OTHER^NIIP");
  EXPECT_THAT(exchange(other), HasSubstr("MSA|AA|R2001"));
  EXPECT_EQ(values("Coverage", "payor.reference").size(), 2U);
  EXPECT_EQ(values("Coverage", "beneficiary.reference").size(), 2U);
  // Whoever looks for the claim number finds both.
  EXPECT_EQ(total("Coverage?identifier=WC-2026-0042"), "2");
}

// A group's number stands for both workers' claims: neither is refused.
TEST_F(MllpPartiesTest, AGroupNumberRefusesNoWorker) {
  const auto grouped = [](std::string message) {
    message = with(message, "WC-2026-0042", "");
    return with(message, "||||Bayou Works", "|GRP-5|||Bayou Works");
  };
  ASSERT_THAT(exchange(grouped(sample_message("REF_I12/complete.hl7"))),
              HasSubstr("MSA|AA|R1001"));
  EXPECT_THAT(exchange(grouped(other_referral())), HasSubstr("MSA|AA|R2001"));
  EXPECT_EQ(values("Coverage", "beneficiary.reference").size(), 2U);
  EXPECT_EQ(values("ServiceRequest", "insurance.reference").size(), 2U);
}

TEST_F(MllpPartiesTest, ACoverageWithoutAnyNumberIsStoredOnce) {
  auto message =
      with(sample_message("ADT_A01/registered.hl7"), "ADT^A04", "ADT^A08");
  const auto at = message.find("WC-2026-0042");
  ASSERT_NE(at, std::string::npos);
  message.erase(at, std::string("WC-2026-0042").size());
  for (const auto* id : {"U1", "U2", "U3"}) {
    EXPECT_THAT(exchange(with(message, "A4001", id)),
                HasSubstr("MSA|AA|" + std::string(id)));
  }
  EXPECT_EQ(total("Coverage"), "1");
}

// Each facility numbers its charges from one.
TEST_F(MllpPartiesTest, OneChargeNumberOfTwoFacilitiesIsTwoCharges) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  const auto charge = sample_message("DFT_P03/session.hl7");
  ASSERT_THAT(exchange(charge), HasSubstr("MSA|AA|D6001"));
  const auto before = total("Procedure");
  auto other = with(charge, "|CLINIC|", "|ANNEX|");
  other = with(other, "D6001", "D7001");
  EXPECT_THAT(exchange(other), HasSubstr("MSA|AA|D7001"));
  EXPECT_NE(total("Procedure"), before);
}

// The same worker's next referral, under numbers of its own.
std::string next_referral(const std::string& control_id,
                          const std::string& number) {
  auto message = sample_message("REF_I12/complete.hl7");
  message = with(message, "|R1001|", "|" + control_id + "|");
  message = with(message, "R-77^EHR", number + "^EHR");
  return with(message, "|X-1^HIE", "|X-" + number + "^HIE");
}

// Numbers in PID-3 have no order: a patient who is known by one is found by it.
TEST_F(MllpPartiesTest, ANewNumberInFrontOfAKnownOneIsTheSamePatients) {
  const auto two_numbers = [](const std::string& message) {
    return with(message, "P-100^^^EHR^MR", "555^^^HIE^PI~P-100^^^EHR^MR");
  };
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  const auto told = exchange(two_numbers(next_referral("R1002", "R-78")));
  EXPECT_THAT(told, HasSubstr("MSA|AA|R1002"));
  // What is numbered by the patient is found under the number it has.
  EXPECT_EQ(total("Condition"), "1");
  EXPECT_EQ(total("Coverage"), "1");
  // Whoever names it adds it.
  EXPECT_THAT(told, Not(HasSubstr("|I|v2/kept-as-stored")));
  EXPECT_EQ(total("Patient?identifier=555"), "1");
  EXPECT_THAT(exchange(next_referral("R1003", "R-79")),
              HasSubstr("MSA|AA|R1003"));
  EXPECT_EQ(total("Patient"), "1");
  EXPECT_EQ(total("ServiceRequest"), "3");
  // It finds the patient by itself now.
  const auto by_other = with(sample_message("SIU_S12/booked.hl7"),
                             "P-100^^^EHR^MR", "555^^^HIE^PI");
  EXPECT_THAT(exchange(by_other), HasSubstr("MSA|AA|"));
  EXPECT_EQ(total("Patient"), "1");
  EXPECT_EQ(total("Patient?identifier=P-100"), "1");
}

TEST_F(MllpPartiesTest, ASlotIsNotBookedForTheReferralOfAnother) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  const auto answer = exchange(with(sample_message("SIU_S12/booked.hl7"),
                                    "P-100^^^EHR^MR", "P-900^^^EHR^MR"));
  EXPECT_THAT(answer, HasSubstr("MSA|AE|"));
  EXPECT_THAT(answer, HasSubstr("rest/other-patient"));
  EXPECT_EQ(total("Appointment"), "0");
}

// Whichever number comes first: what was sent under another is changed.
TEST_F(MllpPartiesTest, ADiagnosisIsWithdrawnUnderAnyOrderOfTheNumbers) {
  const auto registered = sample_message("ADT_A01/registered.hl7");
  const auto update = [&](const std::string& id, const std::string& numbers,
                          const std::string& action) {
    auto message = with(registered, "ADT^A04", "ADT^A08");
    message = with(message, "|A4001|", "|" + id + "|");
    message = with(message, "P-100^^^EHR^MR", numbers);
    return with(message, "\rIN1|",
                "\rDG1|1||S39.012A^Strain^I10||20260311|W" +
                    std::string(15, '|') + action + "\rIN1|");
  };
  ASSERT_THAT(exchange(update("N1", "P-100^^^EHR^MR", "")),
              HasSubstr("MSA|AA|N1"));
  ASSERT_THAT(exchange(update("N2", "555^^^HIE^PI~P-100^^^EHR^MR", "")),
              HasSubstr("MSA|AA|N2"));
  EXPECT_EQ(total("Condition"), "1");
  EXPECT_EQ(total("Coverage"), "1");
  EXPECT_THAT(values("Condition", "verificationStatus.coding.code"),
              testing::ElementsAre("provisional"));
  ASSERT_THAT(exchange(update("N3", "555^^^HIE^PI~P-100^^^EHR^MR", "D")),
              HasSubstr("MSA|AA|N3"));
  EXPECT_EQ(total("Condition"), "1");
  EXPECT_THAT(values("Condition", "verificationStatus.coding.code"),
              testing::ElementsAre("entered-in-error"));
  EXPECT_EQ(total("Patient"), "1");
  // Nothing of the message says the first one: its sender is told.
  const auto told = exchange(update("N4", "555^^^HIE^PI", ""));
  EXPECT_THAT(told, HasSubstr("MSA|AA|N4"));
  EXPECT_THAT(told, HasSubstr("|I|v2/known-by-another-number"));
  EXPECT_THAT(told, HasSubstr("ERR||PID^1^3"));
  EXPECT_EQ(total("Patient"), "1");
}

// Who is known is found, and not changed, by anything but ADT: that is told.
TEST_F(MllpPartiesTest, WhatAKnownPatientKeepsIsTold) {
  EXPECT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              Not(HasSubstr("v2/kept-as-stored")));
  EXPECT_THAT(exchange(next_referral("R1002", "R-78")),
              Not(HasSubstr("v2/kept-as-stored")));
  const auto answer =
      exchange(with(next_referral("R1003", "R-79"), "19840217", "19850217"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|R1003"));
  EXPECT_THAT(answer, HasSubstr("|I|v2/kept-as-stored"));
  EXPECT_THAT(answer, HasSubstr("ERR||PID^1^7"));
  EXPECT_EQ(values("Patient", "birthDate"),
            std::set<std::string>{"1984-02-17"});
}

}  // namespace
}  // namespace gateway::integration
