#include "parse/hl7v2.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace gateway::parse {
namespace {

using testing::HasSubstr;

constexpr const char* kReferral =
    "MSH|^~\\&|EHR|CLINIC|WG|SITE|20260401||REF^I12^REF_I12|M1|P|2.5.1\r"
    "RF1||R|||||\r"
    "PID|1||A1^^^EHR^MR~B2^^^WC&1.2.3&ISO^WCN||Doe&van^Ann^^\r";

Hl7v2Message parsed(const std::string& text) {
  auto message = Hl7v2Message::parse(text);
  EXPECT_TRUE(message.ok()) << message.error().message;
  return *std::move(message);
}

TEST(Hl7v2Test, FindsEachPlaceWithItsBytes) {
  const auto message = parsed(kReferral);
  const auto* pid = message.find("PID");
  ASSERT_NE(pid, nullptr);
  struct Row {
    Hl7v2Place place;
    std::string text;
  };
  const std::vector<Row> rows{
      {{.field = 1}, "1"},
      {{.field = 3}, "A1"},
      {{.field = 3, .component = 5}, "MR"},
      {{.field = 3, .repetition = 2}, "B2"},
      {{.field = 3, .repetition = 2, .component = 4, .subcomponent = 2},
       "1.2.3"},
      {{.field = 5, .subcomponent = 2}, "van"},
      {{.field = 5, .component = 2}, "Ann"},
      {{.field = 5, .component = 9}, ""},
      {{.field = 30}, ""},
  };
  for (const auto& [place, text] : rows) {
    EXPECT_EQ(message.text(pid, place), text);
    const auto span = message.span(*pid, place);
    EXPECT_EQ(message.source().substr(span.begin, span.end - span.begin), text);
  }
  EXPECT_EQ(message.text(message.find("MSH"), {.field = 1}), "|");
  EXPECT_EQ(message.text(message.find("MSH"), {.field = 2}), "^~\\&");
  EXPECT_EQ(message.text(message.find("MSH"), {.field = 10}), "M1");
  EXPECT_EQ(message.text(message.find("ZZZ"), {.field = 1}), "");
}

TEST(Hl7v2Test, IsWrittenByteForByte) {
  for (const std::string& text : {
           std::string(kReferral),
           std::string("\xEF\xBB\xBF") + kReferral,
           std::string("MSH|^~\\&#|A\nPID|||1^^\r\n\r\nZZ1\nOBX||||x||"),
           std::string("MSH$*!?@$A$B\rPID$1*2!3@4$$\r"),
           std::string("MSH|^~\\&\rNTE|1||first\nsecond\rNTE|2"),
       }) {
    EXPECT_EQ(written(parsed(text)), text);
  }
}

TEST(Hl7v2Test, ReadsTheDelimitersOfTheMessage) {
  const auto message = parsed("MSH$*!?@$A*B$C\rPID$1*2!3@4\r");
  const auto* pid = message.find("PID");
  EXPECT_EQ(message.text(pid, {.field = 1, .component = 2}), "2");
  EXPECT_EQ(message.text(pid, {.field = 1, .repetition = 2}), "3");
  EXPECT_EQ(message.text(pid, {.field = 1, .repetition = 2, .subcomponent = 2}),
            "4");
}

TEST(Hl7v2Test, ALineFeedThatNoSegmentFollowsIsText) {
  const auto message = parsed("MSH|^~\\&\rNTE|1||one\n\ntwo|x\rNTE|2");
  ASSERT_EQ(message.segments().size(), 3U);
  EXPECT_EQ(message.text(&message.segments()[1], {.field = 3}), "one\n\ntwo");
  EXPECT_EQ(message.text(&message.segments()[1], {.field = 4}), "x");
}

TEST(Hl7v2Test, ReadsLatin1AsUtf8) {
  const auto message =
      parsed("MSH|^~\\&||||||||||||||||8859/1|\rPID|||||M\xFCller\r");
  EXPECT_EQ(message.charset(), Hl7v2Charset::latin1);
  EXPECT_EQ(message.text(message.find("PID"), {.field = 5}), "M\xC3\xBCller");
}

struct Refusal {
  std::string text;
  ErrorCode code;
  std::string reason;
};

TEST(Hl7v2Test, RefusesWithAReason) {
  const std::vector<Refusal> refusals{
      {"", ErrorCode::invalid, "does not begin with an MSH"},
      {"PID|1", ErrorCode::invalid, "does not begin with an MSH"},
      {"MSH", ErrorCode::invalid, "does not begin with an MSH"},
      {"MSH||", ErrorCode::invalid, "MSH-2"},
      {"MSH|^~\\|A", ErrorCode::invalid, "MSH-2"},
      {"MSH|^~\\&#!|A", ErrorCode::invalid, "MSH-2"},
      {"MSH|^^\\&|A", ErrorCode::invalid, "twice"},
      {"MSH|^|\\&|A", ErrorCode::invalid, "MSH-2"},
      {"MSHA^~\\&A", ErrorCode::invalid, "cannot delimit"},
      {"MSH|^~ &|A", ErrorCode::invalid, "cannot delimit"},
      {"FHS|^~\\&|A", ErrorCode::unsupported, "Batches"},
      {"MSH|^~\\&||||||||||||||||ASCII\rPID|||||M\xC3\xBCller\r",
       ErrorCode::invalid, "MSH-18"},
      {"MSH|^~\\&|A\rpid|1", ErrorCode::invalid, "segment name"},
      {"MSH|^~\\&|A\rPIDX|1", ErrorCode::invalid, "segment name"},
      {"MSH|^~\\&|A\rMSH|^~\\&|B", ErrorCode::invalid, "second message"},
      {"MSH|^~\\&||||||||||||||||UNICODE UTF-16", ErrorCode::unsupported,
       "MSH-18"},
      {"MSH|^~\\&||||||||||||||||UNICODE UTF-8\rPID|\xFC", ErrorCode::invalid,
       "character set"},
      {"MSH|^~\\&|\xFC", ErrorCode::invalid, "character set"},
      {std::string("MSH|^~\\&|A\0B", 11), ErrorCode::invalid, "NUL"},
  };
  for (const auto& [text, code, reason] : refusals) {
    const auto message = Hl7v2Message::parse(text);
    ASSERT_FALSE(message.ok()) << text;
    EXPECT_EQ(message.error().code, code) << text;
    EXPECT_THAT(message.error().message, HasSubstr(reason)) << text;
  }
}

TEST(Hl7v2Test, KeepsItsLimits) {
  std::string segments = "MSH|^~\\&\r";
  std::string repetitions = "MSH|^~\\&\rPID|";
  for (int i = 0; i < 30; ++i) {
    segments += "ZZZ\r";
    repetitions += "a~";
  }
  for (const auto& text : {segments, repetitions}) {
    const auto message =
        Hl7v2Message::parse(text, {.segments = 20, .repetitions = 20});
    ASSERT_FALSE(message.ok());
    EXPECT_EQ(message.error().code, ErrorCode::too_large);
    EXPECT_TRUE(Hl7v2Message::parse(text).ok());
  }
  EXPECT_FALSE(Hl7v2Message::parse(segments, {.bytes = 20}).ok());
  EXPECT_FALSE(Hl7v2Message::parse(repetitions, {.pieces = 20}).ok());
}

TEST(Hl7v2Test, RefusesAMillionSegmentsQuickly) {
  std::string text = "MSH|^~\\&\r";
  for (int i = 0; i < 1'000'000; ++i) text += "ZZZ\r";
  const auto message = Hl7v2Message::parse(text);
  ASSERT_FALSE(message.ok());
  EXPECT_EQ(message.error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace gateway::parse
