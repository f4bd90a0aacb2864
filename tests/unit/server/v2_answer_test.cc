#include "server/v2_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::server {
namespace {

using parse::AckCode;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// With these MSH-15 and MSH-16.
std::string referral(const std::string& modes) {
  return "MSH|^~\\&|EHR|CLINIC|GATE|CLINIC|20260401||REF^I12^REF_I12|C-1|P|"
         "2.5.1|||" +
         modes + "\rRF1||R\rPRD|RP|Doe^Ann\rPID|1||M-1\rOBX|1|TX|note||text\r";
}

std::vector<std::string> sent(const std::string& message, AckCode code,
                              std::vector<parse::Hl7v2Error> errors = {}) {
  const auto parsed = parse::Hl7v2Message::parse(message);
  EXPECT_TRUE(parsed.ok());
  int next = 0;
  return answers(
      parse::header_of(*parsed), {.code = code, .errors = std::move(errors)},
      [&next] {
        return parse::AckStamp{"A" + std::to_string(++next), Instant()};
      },
      message);
}

TEST(LocationOfTest, ReadsWhatMapsWrite) {
  const auto at = location_of("PID[2]-5[3].2.1");
  EXPECT_EQ(at.segment, "PID");
  EXPECT_EQ(at.sequence, 2U);
  EXPECT_EQ(at.field, 5U);
  EXPECT_EQ(at.repetition, 3U);
  EXPECT_EQ(at.component, 2U);
  EXPECT_EQ(at.subcomponent, 1U);
  EXPECT_EQ(location_of("MSH-10").field, 10U);
  EXPECT_EQ(location_of("IN1-36.1").repetition, 1U);
  EXPECT_EQ(location_of("PV1").segment, "PV1");
}

TEST(LocationOfTest, OtherTextsAreNoPlace) {
  for (const auto* text : {"", "PI", "Patient.name", "PID-", "PID-5 or 6",
                           "Bundle.entry[0]", "PID-x"}) {
    EXPECT_EQ(location_of(text).segment, "") << text;
  }
}

TEST(OfOutcomeTest, EachFindingIsAnError) {
  fhir::Outcome outcome;
  outcome.add({.rule = "map/missing",
               .type = fhir::IssueType::required,
               .expression = "PID-5.1",
               .text = "no name"});
  outcome.add({.rule = "x", .severity = fhir::Severity::information});
  const auto answer = of_outcome(AckCode::AE, outcome);
  ASSERT_THAT(answer.errors, SizeIs(1));
  EXPECT_EQ(answer.errors[0].location.field, 5U);
  EXPECT_EQ(answer.errors[0].condition, "101");
  EXPECT_EQ(answer.errors[0].severity, 'E');
  EXPECT_EQ(of_outcome(AckCode::AA, outcome).errors[0].severity, 'W');
}

TEST(OfOutcomeTest, SaysTheSameOnce) {
  fhir::Outcome outcome;
  const fhir::Finding held{.rule = "time/no-offset",
                           .severity = fhir::Severity::warning,
                           .type = fhir::IssueType::value,
                           .expression = "PV1-44",
                           .text = "no offset"};
  outcome.add(held);
  outcome.add(held);
  auto elsewhere = held;
  elsewhere.expression = "PV1-45";
  outcome.add(elsewhere);
  const auto answer = of_outcome(AckCode::AA, outcome);
  ASSERT_THAT(answer.errors, SizeIs(2));
  EXPECT_EQ(answer.errors[0].condition, "102");
}

TEST(OfOutcomeTest, ConditionsBlameTheGatewayOnlyForItsOwn) {
  const auto condition = [](fhir::IssueType type) {
    fhir::Outcome outcome;
    outcome.add({.rule = "x", .type = type, .text = "x"});
    return of_outcome(AckCode::AE, outcome).errors.at(0).condition;
  };
  EXPECT_EQ(condition(fhir::IssueType::business_rule), "199");
  EXPECT_EQ(condition(fhir::IssueType::structure), "198");
  EXPECT_EQ(condition(fhir::IssueType::exception), "207");
}

TEST(OfOutcomeTest, WhatIsOnlyToldHoldsNothing) {
  fhir::Outcome outcome;
  outcome.add({.rule = "map/passed",
               .severity = fhir::Severity::information,
               .type = fhir::IssueType::informational,
               .text = "none of ours"});
  const auto answer = of_outcome(AckCode::AA, outcome);
  ASSERT_THAT(answer.errors, SizeIs(1));
  EXPECT_EQ(answer.errors[0].severity, 'I');
  EXPECT_THAT(sent(referral("AL|AL"), AckCode::AA, answer.errors).at(1),
              HasSubstr("\rRF1|A|"));
}

TEST(AnswersTest, OriginalModeIsOneAcknowledgment) {
  const auto messages = sent(referral("|"), AckCode::AA);
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_THAT(messages[0], HasSubstr("MSA|AA|C-1"));
  EXPECT_THAT(messages[0], HasSubstr("|ACK^I12"));
}

TEST(AnswersTest, NeverIsSilence) {
  EXPECT_THAT(sent(referral("NE|NE"), AckCode::AA), IsEmpty());
  EXPECT_THAT(sent(referral("NE|NE"), AckCode::AR), IsEmpty());
}

TEST(AnswersTest, AlwaysIsTwoMessagesAndTheSecondIsTheResponse) {
  const auto messages = sent(referral("AL|AL"), AckCode::AA);
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_THAT(messages[0], HasSubstr("MSA|CA|C-1"));
  EXPECT_THAT(messages[1], HasSubstr("|RRI^I12^RRI_I12|"));
  EXPECT_THAT(messages[1], HasSubstr("MSA|AA|C-1"));
  EXPECT_THAT(messages[1], HasSubstr("RF1|A|"));
  EXPECT_THAT(messages[1], HasSubstr("PID|1||M-1"));
  EXPECT_NE(messages[0].find("|A1|"), std::string::npos);
  EXPECT_NE(messages[1].find("|A2|"), std::string::npos);
}

TEST(AnswersTest, AHeldReferralIsPendingAndSaysWhy) {
  const auto messages = sent(referral("NE|AL"), AckCode::AA,
                             {{.severity = 'W', .rule = "pack/A4"}});
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_THAT(messages[0], HasSubstr("RF1|P|"));
  EXPECT_THAT(messages[0], HasSubstr("pack/A4"));
}

TEST(AnswersTest, OnErrorOnlyAndOnSuccessOnly) {
  EXPECT_THAT(sent(referral("ER|NE"), AckCode::AA), IsEmpty());
  EXPECT_THAT(sent(referral("ER|NE"), AckCode::AE), SizeIs(1));
  EXPECT_THAT(sent(referral("NE|SU"), AckCode::AE), IsEmpty());
  const auto refused = sent(referral("NE|AL"), AckCode::AE);
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_THAT(refused[0], HasSubstr("MSA|AE|C-1"));
}

TEST(JoinedTest, IsPartedAgain) {
  const std::vector<std::string> two = {"MSH|1\r", "MSH|2\r"};
  EXPECT_EQ(parted(joined(two)), two);
  EXPECT_THAT(parted(joined({})), IsEmpty());
}

TEST(V2AnswerTest, AWarningIsNoErrorInWhatIsRefused) {
  fhir::Outcome outcome;
  outcome.add({.rule = "a", .severity = fhir::Severity::error});
  outcome.add({.rule = "b", .severity = fhir::Severity::warning});
  const auto answer = of_outcome(AckCode::AE, outcome);
  ASSERT_EQ(answer.errors.size(), 2U);
  EXPECT_EQ(answer.errors[0].severity, 'E');
  EXPECT_EQ(answer.errors[1].severity, 'W');
}

TEST(V2AnswerTest, WhatIsRefusedForAWarningIsToldAnError) {
  fhir::Outcome outcome;
  outcome.add({.rule = "map/invalid", .severity = fhir::Severity::warning});
  EXPECT_EQ(of_outcome(AckCode::AE, outcome).errors.at(0).severity, 'E');
  EXPECT_EQ(of_outcome(AckCode::AA, outcome).errors.at(0).severity, 'W');
}

TEST(V2AnswerTest, ABrokenFrameIsNoTroubleOfOurs) {
  const auto answer = broken_frame(transport::MllpDefect::cut);
  ASSERT_EQ(answer.errors.size(), 1U);
  EXPECT_EQ(answer.errors[0].condition, "199");
}

}  // namespace
}  // namespace gateway::server
