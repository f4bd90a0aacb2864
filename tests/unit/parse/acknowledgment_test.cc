#include "parse/acknowledgment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway::parse {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const AckStamp kStamp{"G1", Instant(std::chrono::seconds(1'790'000'000))};

constexpr const char* kMessage =
    "MSH|^~\\&|EHR^1.2^ISO|CLINIC|WG|SITE|20260401||REF^I12^REF_I12|M\\T\\1|P|"
    "2.5.1||||||UNICODE UTF-8\r"
    "RF1|P|R||||77^EHR|\rAUT||HC02||||A9\rPRD|RP|Poe^Ed\rPID|1||A1\r";

Hl7v2Header header(const std::string& text = kMessage) {
  return header_of(*Hl7v2Message::parse(text));
}

TEST(AcknowledgmentTest, AcceptsInOriginalMode) {
  EXPECT_EQ(acknowledgment(header(), {}, kStamp),
            "MSH|^~\\&|WG|SITE|EHR^1.2^ISO|CLINIC|20260921141320+0000||"
            "ACK^I12^ACK|G1|P|2.5.1||||||UNICODE UTF-8\r"
            "MSA|AA|M\\T\\1\r");
}

TEST(AcknowledgmentTest, NamesPlaceCodeAndRule) {
  const Acknowledgment answer{.code = AckCode::AE,
                              .errors = {{.location = {.segment = "PID",
                                                       .field = 5,
                                                       .repetition = 1,
                                                       .component = 2},
                                          .condition = "101",
                                          .severity = 'E',
                                          .rule = "v2/required",
                                          .text = "Given name | is missing."},
                                         {.location = {},
                                          .condition = "199",
                                          .severity = 'W',
                                          .rule = "",
                                          .text = ""}}};
  EXPECT_THAT(acknowledgment(header(), answer, kStamp),
              EndsWith("MSA|AE|M\\T\\1\r"
                       "ERR||PID^1^5^1^2|101^required field missing^HL70357|E|"
                       "v2/required^^L|||Given name \\F\\ is missing.\r"
                       "ERR|||199^other^HL70357|W\r"));
}

TEST(AcknowledgmentTest, AControlIdIsAnsweredAsItCame) {
  EXPECT_THAT(
      acknowledgment(header("MSH|^~\\&|A|B|C|D|||ADT^A04|x^1~2|P|2.5\r"), {},
                     kStamp),
      EndsWith("MSA|AA|x^1~2\r"));
}

TEST(AcknowledgmentTest, OlderVersionsGetErr1AndMsa3) {
  const Acknowledgment answer{
      .code = AckCode::AE,
      .errors = {{.location = {.segment = "PID", .field = 5},
                  .condition = "101",
                  .rule = "v2/required",
                  .text = "Name is missing."}}};
  EXPECT_EQ(acknowledgment(header("MSH|^~\\&|A|B|C|D|||ADT^A04|7|P|2.3\r"),
                           answer, kStamp),
            "MSH|^~\\&|C|D|A|B|20260921141320+0000||ACK^A04|G1|P|2.3\r"
            "MSA|AE|7|Name is missing.\r"
            "ERR|PID^1^5^101&required field missing&HL70357\r");
}

TEST(AcknowledgmentTest, UsesTheSendersDelimiters) {
  EXPECT_EQ(
      acknowledgment(header("MSH$*!?@$A$B$C$D$$$ADT*A04*ADT_A01$7$P$2.5\r"), {},
                     kStamp),
      "MSH$*!?@$C$D$A$B$20260921141320+0000$$ACK*A04*ACK$G1$P$2.5\r"
      "MSA$AA$7\r");
}

TEST(AcknowledgmentTest, AnswersWhatIsNoMessage) {
  const auto error = Hl7v2Message::parse("GET / HTTP/1.1\r\n").error();
  const auto text = acknowledgment(salvaged_header("GET / HTTP/1.1\r\n"),
                                   refusal(error), kStamp);
  EXPECT_THAT(text, StartsWith("MSH|^~\\&|||||20260921141320+0000||"));
  EXPECT_THAT(text, HasSubstr("\rMSA|AR\r"));
  EXPECT_THAT(text, HasSubstr("v2/unreadable"));
  EXPECT_TRUE(Hl7v2Message::parse(text).ok());

  const auto id =
      acknowledgment(salvaged_header("MSH|^~\\&|A|B|C|D|||X|M9|P|2.5\r!"),
                     refusal(error), kStamp);
  EXPECT_THAT(id, HasSubstr("MSA|AR|M9\r"));
}

TEST(AcknowledgmentTest, HeaderDefectsRejectOrErr) {
  const auto answer = [](const std::string& text) {
    return refusal(header_defects(header(text)));
  };
  EXPECT_EQ(answer("MSH|^~\\&|||||||REF^I12|1|P|9").code, AckCode::AR);
  EXPECT_EQ(answer("MSH|^~\\&|||||||REF^I12|1|X|2.5").code, AckCode::AR);
  EXPECT_EQ(answer("MSH|^~\\&|||||||REF^I12||P|2.5").code, AckCode::AE);
  EXPECT_EQ(answer("MSH|^~\\&|||||||REF^I12||P|2.5").errors[0].location.field,
            10U);
  EXPECT_EQ(refusal(Error{ErrorCode::too_large, ""}).errors[0].condition,
            "104");
}

TEST(AcknowledgmentTest, RespondsToAReferral) {
  const auto message = Hl7v2Message::parse(kMessage);
  EXPECT_EQ(referral_response(*message, {}, "A", kStamp),
            "MSH|^~\\&|WG|SITE|EHR^1.2^ISO|CLINIC|20260921141320+0000||"
            "RRI^I12^RRI_I12|G1|P|2.5.1||||||UNICODE UTF-8\r"
            "MSA|AA|M\\T\\1\r"
            "RF1|A|R||||77^EHR|\rAUT||HC02||||A9\rPRD|RP|Poe^Ed\rPID|1||A1\r");
}

struct Demand {
  std::string accept;
  std::string application;
  AckCode code;
  bool wants_accept;
  bool wants_application;
};

TEST(AcknowledgmentTest, ModesFollowMsh15And16) {
  const std::vector<Demand> rows{
      {"", "", AckCode::AA, false, true},
      {"", "", AckCode::AE, false, true},
      {"NE", "NE", AckCode::AE, false, false},
      {"AL", "AL", AckCode::AA, true, true},
      {"AL", "NE", AckCode::AA, true, false},
      {"AL", "", AckCode::AA, true, false},
      {"ER", "SU", AckCode::AA, false, true},
      {"ER", "SU", AckCode::AE, true, false},
      {"SU", "ER", AckCode::AA, true, false},
      {"", "AL", AckCode::AR, false, true},
      {"XX", "al", AckCode::AE, true, true},
  };
  for (const auto& row : rows) {
    Hl7v2Header message;
    message.accept_ack = row.accept;
    message.application_ack = row.application;
    const auto wanted = demanded(message, row.code);
    EXPECT_EQ(wanted.accept, row.wants_accept)
        << row.accept << "/" << row.application;
    EXPECT_EQ(wanted.application, row.wants_application)
        << row.accept << "/" << row.application;
  }
  EXPECT_EQ(accept_code(AckCode::AA), AckCode::CA);
  EXPECT_EQ(accept_code(AckCode::AE), AckCode::CE);
  EXPECT_EQ(accept_code(AckCode::AR), AckCode::CR);
}

}  // namespace
}  // namespace gateway::parse
