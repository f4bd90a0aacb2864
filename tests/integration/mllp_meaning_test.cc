// What HL7 v2 messages mean, end to end: an empty field keeps what is stored,
// a denial grants nothing, hours are no visits, and no session goes in silence.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/running_gateway.h"
#include "transport/mllp_client.h"

namespace gateway::integration {
namespace {

using testing::HasSubstr;

class MllpMeaningTest : public testing::Test {
 protected:
  std::string exchange(const std::string& message) {
    auto answer = client_.exchange(message);
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    return answer ? *answer : std::string();
  }
  // The only resource that a query finds.
  Reply only(const std::string& query) {
    auto found = gateway_.get("/fhir/" + query);
    EXPECT_EQ(found.root().get("total").text(), "1") << query;
    return found;
  }
  std::string total(const std::string& query) {
    return std::string(
        gateway_.get("/fhir/" + query).root().get("total").text());
  }
  // What the only referral's checklist says of its authorization.
  std::string granted() {
    const auto order = only("ServiceRequest");
    const auto list = gateway_.get(
        "/fhir/ServiceRequest/" +
        std::string(order.root().find("entry.resource.id").text()) +
        "/$checklist");
    std::string all;
    for (const Json parameter : list.root().get("parameter")) {
      if (parameter.get("name").text() != "authorization") continue;
      for (const Json part : parameter.get("part")) {
        if (part.get("name").text() != "granted") continue;
        all += std::string(part.raw()) + "\n";
      }
    }
    return all;
  }

  RunningGateway gateway_;
  transport::MllpClient client_{
      {.target = {.host = "127.0.0.1", .port = gateway_.mllp_port()}}};
};

TEST_F(MllpMeaningTest, AnEmptyFieldKeepsAndTwoQuotesDelete) {
  const auto first = sample_message("ADT_A01/registered.hl7");
  ASSERT_THAT(exchange(first), HasSubstr("MSA|AA|A4001"));

  // Only the name and the claim number are said.
  auto sparse = with(first, "A4001", "U2");
  sparse = with(sparse, "ADT^A04", "ADT^A08");
  sparse = with(sparse,
                "Doe^Janet^Q^^^^L||19840217|F|||2 Oak "
                "St^^Houston^TX^77003^USA^H||^PRN^PH^^1^713^5550101",
                "Smith^Janet^^^^^L");
  sparse = with(sparse, "Bayou Works|20250101|||WC|", "|||||");
  ASSERT_THAT(exchange(sparse), HasSubstr("MSA|AA|U2"));
  auto patient = only("Patient");
  Json resource = patient.root().find("entry.resource");
  EXPECT_EQ(resource.find("name.family").text(), "Smith");
  EXPECT_EQ(resource.find("meta.versionId").text(), "2");
  EXPECT_EQ(resource.get("birthDate").text(), "1984-02-17");
  EXPECT_EQ(resource.get("gender").text(), "female");
  EXPECT_EQ(resource.find("address.city").text(), "Houston");
  EXPECT_EQ(resource.get("telecom").size(), 1U);
  const auto coverage = only("Coverage");
  resource = coverage.root().find("entry.resource");
  EXPECT_EQ(resource.find("type.coding.code").text(), "WCBPOL");
  EXPECT_EQ(resource.find("period.start").text(), "2025-01-01");
  EXPECT_TRUE(resource.get("policyHolder").exists());

  // The same again changes nothing.
  ASSERT_THAT(exchange(with(sparse, "U2", "U3")), HasSubstr("MSA|AA|U3"));
  EXPECT_EQ(only("Patient").root().find("entry.resource.meta.versionId").text(),
            "2");

  const auto deleting = with(with(sparse, "U2", "U4"), "Smith^Janet^^^^^L",
                             "Smith^Janet^^^^^L||\"\"");
  ASSERT_THAT(exchange(deleting), HasSubstr("MSA|AA|U4"));
  patient = only("Patient");
  resource = patient.root().find("entry.resource");
  EXPECT_FALSE(resource.get("birthDate").exists()) << resource.raw();
  EXPECT_EQ(resource.get("gender").text(), "female");
}

// That the state of an order changed says nothing of which it is now.
TEST_F(MllpMeaningTest, AnOrderKeepsAStateThatIsNotSaid) {
  const auto order = sample_message("OMG_O19/complete.hl7");
  const auto send = [&](const std::string& id, const std::string& control) {
    EXPECT_THAT(exchange(with(with(order, "|O2001|", "|" + id + "|"),
                              "ORC|NW|O-55^EHR||", "ORC|" + control)),
                HasSubstr("MSA|AA|" + id));
    return std::string(
        only("ServiceRequest").root().find("entry.resource.status").text());
  };
  EXPECT_EQ(send("N1", "NW|O-55^EHR||"), "active");
  EXPECT_EQ(send("N2", "DC|O-55^EHR||"), "revoked");
  EXPECT_EQ(send("N3", "SC|O-55^EHR||"), "revoked");
  EXPECT_EQ(send("N4", "SC|O-55^EHR|||HD"), "on-hold");
  EXPECT_EQ(send("N5", "XO|O-55^EHR||"), "active");
}

TEST_F(MllpMeaningTest, AnOrderThatIsCancelledCancelsItsReferral) {
  ASSERT_THAT(exchange(sample_message("REF_I12/ordered.hl7")),
              HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange(sample_message("REF_I12/order-cancelled.hl7")),
              HasSubstr("MSA|AA|"));
  EXPECT_EQ(total("ServiceRequest?status=revoked"), "1");
}

TEST_F(MllpMeaningTest, AChangeRevivesAReferralIfItSaysSo) {
  const auto referral = sample_message("REF_I12/complete.hl7");
  ASSERT_THAT(exchange(referral), HasSubstr("MSA|AA|"));
  const auto send = [&](const std::string& id, const std::string& event,
                        const std::string& state) {
    auto message = with(with(referral, "REF^I12^", "REF^" + event + "^"),
                        "|R1001|", "|" + id + "|");
    const auto begin = message.find("RF1|") + 4;
    message.replace(begin, message.find('|', begin) - begin, state);
    return exchange(message);
  };
  send("S1", "I14", "A");
  EXPECT_EQ(total("ServiceRequest?status=revoked"), "1");
  EXPECT_THAT(send("S2", "I13", ""), HasSubstr("|W|v2/stays-cancelled"));
  EXPECT_EQ(total("ServiceRequest?status=revoked"), "1");
  send("S3", "I13", "A");
  EXPECT_EQ(total("ServiceRequest?status=active"), "1");
}

// A number of another kind than PID-3 may be another patient's, too.
TEST_F(MllpMeaningTest, OnlyNumbersOfPid3AreAdded) {
  const auto one = sample_message("ADT_A01/registered.hl7");
  ASSERT_THAT(exchange(one), HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange(with(with(with(one, "P-100", "P-200"), "A4001", "A2"),
                            "0042", "0043")),
              HasSubstr("MSA|AA|A2"));
  const auto referral = with(sample_message("REF_I12/complete.hl7"),
                             "P-100^^^EHR^MR|", "P-100^^^EHR^MR|P-200^^^EHR");
  ASSERT_THAT(exchange(referral), HasSubstr("MSA|AA|R1001"));
  EXPECT_EQ(total("Patient?identifier=P-200"), "1");
}

TEST_F(MllpMeaningTest, ADenialGrantsNothing) {
  ASSERT_THAT(exchange(sample_message("REF_I12/denied.hl7")),
              HasSubstr("MSA|AA|R1008"));
  EXPECT_THAT(granted(), testing::Not(HasSubstr("12")));
}

TEST_F(MllpMeaningTest, HoursAreNoVisits) {
  ASSERT_THAT(exchange(sample_message("REF_I12/hours.hl7")),
              HasSubstr("MSA|AA|R1009"));
  const auto grant = only("ClaimResponse");
  EXPECT_EQ(grant.root().find("entry.resource.addItem.quantity.unit").text(),
            "HS");
}

TEST_F(MllpMeaningTest, ASessionWithoutItsTimesIsKeptAndHeld) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  const auto answer = exchange(sample_message("DFT_P03/one-time.hl7"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|D6002"));
  EXPECT_THAT(answer, HasSubstr("time/no-offset"));
  EXPECT_NE(total("Task?status=requested"), "0");
  EXPECT_EQ(total("Procedure"), "1");
  EXPECT_EQ(total("Claim"), "0");
  EXPECT_EQ(gateway_.newest_message().root().get("state").text(), "held");
}

TEST_F(MllpMeaningTest, AHeldSessionIsCompletedByItsTimes) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  const auto held = sample_message("ADT_A03/no-times.hl7");
  ASSERT_THAT(exchange(held), HasSubstr("time/no-offset"));
  // The same session once more has no second effect.
  EXPECT_THAT(exchange(with(held, "A4003", "A4004")),
              HasSubstr("MSA|AA|A4004"));
  EXPECT_EQ(total("Procedure"), "1");

  auto complete = with(held, "A4003", "A4005");
  complete.resize(complete.find_last_not_of("\r\n") + 1);
  complete +=
      std::string(25, '|') + "20260407090000-0500|20260407110000-0500\r";
  const auto answer = exchange(complete);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|A4005"));
  EXPECT_THAT(answer, testing::Not(HasSubstr("time/no-offset")));
  const auto session = only("Procedure");
  EXPECT_EQ(session.root().find("entry.resource.performedPeriod.end").text(),
            "2026-04-07T11:00:00-05:00");
  // Times of another day are another session's.
  EXPECT_THAT(exchange(with(with(complete, "A4005", "A4006"), "20260407090000",
                            "20260406090000")),
              HasSubstr("MSA|AE|A4006"));
}

TEST_F(MllpMeaningTest, AMissedSlotIsBookedAgain) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  const auto booked = sample_message("SIU_S12/booked.hl7");
  ASSERT_THAT(exchange(booked), HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange(sample_message("SIU_S12/noshow.hl7")),
              HasSubstr("MSA|AA|"));
  EXPECT_EQ(only("Appointment").root().find("entry.resource.status").text(),
            "noshow");
  auto again = with(booked, "SIU^S12", "SIU^S13");
  again = with(again, "|S5001|", "|S5901|");
  EXPECT_THAT(exchange(again), HasSubstr("MSA|AA|S5901"));
  const auto slot = only("Appointment");
  EXPECT_EQ(slot.root().find("entry.resource.status").text(), "booked");
  EXPECT_FALSE(slot.root().find("entry.resource.cancelationReason").exists());
}

TEST_F(MllpMeaningTest, TwoPatientsAreRefusedWithTheirPlace) {
  auto message = sample_message("ADT_A01/registered.hl7");
  const auto begin = message.find("\rPID");
  const auto end = message.find('\r', begin + 1);
  message.insert(end, message.substr(begin, end - begin));
  const auto answer = exchange(message);
  EXPECT_THAT(answer, HasSubstr("MSA|AE|A4001"));
  EXPECT_THAT(answer, HasSubstr("ERR||PID^2|198^"));
  EXPECT_THAT(answer, HasSubstr("v2/two-patients"));
}

TEST_F(MllpMeaningTest, WhatPassesAsNoneOfOursIsTold) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  auto charge = sample_message("DFT_P03/unknown-code.hl7");
  charge = with(charge, "R-77^EHR", "");
  const auto answer = exchange(charge);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|"));
  EXPECT_THAT(answer, HasSubstr("|I|map/passed"));
  EXPECT_EQ(total("Procedure"), "0");
}

TEST_F(MllpMeaningTest, AnUnknownCodeParksTheSession) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  for (const auto* file :
       {"DFT_P03/unknown-code.hl7", "ADT_A03/unknown-service.hl7"}) {
    const auto answer = exchange(sample_message(file));
    EXPECT_THAT(answer, HasSubstr("MSA|AA|")) << file;
    EXPECT_THAT(answer, HasSubstr("map/unmapped")) << file;
    EXPECT_EQ(gateway_.newest_message().root().get("state").text(), "held");
  }
}

TEST_F(MllpMeaningTest, ASessionOfAnotherPatientIsNotBilled) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|R1001"));
  const auto answer = exchange(
      with(sample_message("ADT_A03/session.hl7"), "P-100^^^EHR", "P-2^^^EHR"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|A4002"));
  EXPECT_THAT(answer, HasSubstr("session/other-patient"));
  EXPECT_EQ(total("Claim"), "0");
}

// The date of injury comes with ACC, a withdrawn diagnosis with DG1-21: both
// count for a diagnosis that is known.
TEST_F(MllpMeaningTest, ADiagnosisThatIsKnownIsCorrectedAndWithdrawn) {
  const auto first = sample_message("REF_I12/complete.hl7");
  ASSERT_THAT(exchange(first), HasSubstr("MSA|AA|R1001"));
  auto change = with(with(first, "REF^I12", "REF^I13"), "|R1001|", "|R1002|");
  ASSERT_THAT(exchange(with(change, "ACC|20260310", "ACC|20260309")),
              HasSubstr("MSA|AA|R1002"));
  const auto condition = [&] {
    return only("Condition?category=encounter-diagnosis");
  };
  EXPECT_THAT(condition().root().find("entry.resource.onsetDateTime").text(),
              testing::StartsWith("2026-03-09"));
  change = with(with(change, "|R1002|", "|R1003|"), "20260311|W",
                "20260311|W|||||||||||||||D");
  ASSERT_THAT(exchange(change), HasSubstr("MSA|AA|R1003"));
  EXPECT_EQ(condition()
                .root()
                .find("entry.resource.verificationStatus.coding.code")
                .text(),
            "entered-in-error");
}

TEST_F(MllpMeaningTest, AWithdrawnDiagnosisThatNobodyKnowsIsTold) {
  const auto referral = sample_message("REF_I12/complete.hl7");
  ASSERT_THAT(exchange(referral), HasSubstr("MSA|AA|"));
  auto change = with(with(referral, "REF^I12^", "REF^I13^"), "R1001", "N1");
  const auto diagnosis = change.find("DG1|");
  const auto end = change.find('\r', diagnosis);
  change.replace(
      diagnosis, end - diagnosis,
      "DG1|1||S39.012A^Strain^I10||20260101|W" + std::string(15, '|') + "D");
  const auto answer = exchange(change);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|N1"));
  EXPECT_THAT(answer, HasSubstr("|W|v2/nothing-to-withdraw"));
  EXPECT_EQ(total("Condition"), "1");
}

// A bill would stand meanwhile: the cancellation does not wait for the row that
// a correction waits for.
TEST_F(MllpMeaningTest, WhatIsStoredIsTakenBackThoughACorrectionWaits) {
  const auto session = sample_message("ADT_A03/session.hl7");
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|"));
  ASSERT_THAT(exchange(session), HasSubstr("MSA|AA|A4002"));
  const auto correction =
      with(with(session, "|A4002|", "|A4003|"), "|||WC|", "|||WX|");
  ASSERT_THAT(exchange(correction), HasSubstr("|W|map/unmapped"));
  const auto taken_back = exchange(sample_message("ADT_A09/cancelled.hl7"));
  EXPECT_THAT(taken_back, HasSubstr("MSA|AA|"));
  EXPECT_THAT(taken_back, testing::Not(HasSubstr("map/waits-behind")));
  EXPECT_EQ(total("Procedure?status=entered-in-error"), "1");
  EXPECT_EQ(total("Claim?status=active"), "0");
}

// In a referral an OBR with its OBX is a result: it orders nothing.
TEST_F(MllpMeaningTest, AResultBesideAReferralOrdersNothing) {
  const auto message =
      sample_message("REF_I12/complete.hl7") +
      "OBR|1|||22310-7^Pylori^LN|||20260301|||||||||||||||||||"
      "|1^^^202602010900-0500\rOBX|1|ST|22310-7^Pylori^LN||Negative||||||F\r"
      "ORC|NW|R-77^EHR\rTQ1|1|12|3XW|||4^WK\rOBR|2|R-77^EHR||WC^Work "
      "conditioning^L\r";
  ASSERT_THAT(exchange(message), HasSubstr("MSA|AA|R1001"));
  const auto order = only("ServiceRequest");
  const Json resource = order.root().find("entry.resource");
  EXPECT_THAT(resource.get("code").raw(), testing::Not(HasSubstr("22310-7")));
  EXPECT_EQ(resource.find("occurrenceTiming.repeat.frequency").text(), "3");
  EXPECT_EQ(resource.find("quantityQuantity.value").text(), "12");
  EXPECT_THAT(gateway_.get("/fhir/Observation").body, HasSubstr("hasMember"));
}

TEST_F(MllpMeaningTest, AChangeWithoutATimingLeavesTheTiming) {
  const auto first = sample_message("REF_I12/ordered.hl7");
  ASSERT_THAT(exchange(first), HasSubstr("MSA|AA|"));
  auto change = with(with(first, "REF^I12", "REF^I13"), "|R1", "|R9");
  change.erase(change.find("ORC|NW|"), std::string::npos);
  ASSERT_THAT(exchange(change), HasSubstr("MSA|AA|R9"));
  const auto order = only("ServiceRequest");
  const Json resource = order.root().find("entry.resource");
  EXPECT_EQ(resource.find("occurrenceTiming.repeat.frequency").text(), "3")
      << resource.raw();
  EXPECT_FALSE(resource.get("occurrencePeriod").exists());
}

TEST_F(MllpMeaningTest, ACreditOfNoNumberIsRefusedAndACoPaymentIsNoneOfOurs) {
  ASSERT_THAT(exchange(sample_message("REF_I12/complete.hl7")),
              HasSubstr("MSA|AA|"));
  const auto credit =
      exchange(with(sample_message("DFT_P03/credit.hl7"), "|T-1|", "||"));
  EXPECT_THAT(credit, HasSubstr("MSA|AE|"));
  EXPECT_THAT(credit, HasSubstr("in FT1-2"));
  const auto charges =
      with(sample_message("DFT_P03/session.hl7"), "||PY|PMT", "||CO|COPAY");
  EXPECT_THAT(exchange(charges), HasSubstr("MSA|AA|"));
  EXPECT_EQ(total("Procedure?identifier=T-1"), "1");
  EXPECT_EQ(total("Procedure?identifier=T-3"), "0");
}

}  // namespace
}  // namespace gateway::integration
