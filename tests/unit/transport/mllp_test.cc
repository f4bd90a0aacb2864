#include "transport/mllp.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace gateway::transport {
namespace {

using Event = MllpDecoder::Event;

const std::string kVt = "\x0B";
const std::string kEnd = "\x1C\r";

std::string frame(const std::string& content) { return kVt + content + kEnd; }

// What a stream came to: contents and defects, in order.
using Found = std::vector<std::pair<MllpDefect, std::string>>;

Found decode(std::string_view bytes, std::size_t piece,
             std::size_t limit = 1000) {
  MllpDecoder decoder(limit);
  Found found;
  for (std::size_t begin = 0; begin < bytes.size(); begin += piece) {
    auto rest = bytes.substr(begin, piece);
    while (!rest.empty()) {
      const auto step = decoder.feed(rest);
      rest.remove_prefix(step.consumed);
      if (step.event == Event::need_more) continue;
      const bool whole = step.event == Event::frame;
      found.emplace_back(whole ? MllpDefect::none : decoder.defect(),
                         decoder.take_content());
    }
  }
  if (decoder.end()) {
    found.emplace_back(decoder.defect(), decoder.take_content());
  }
  return found;
}

struct Row {
  const char* why;
  std::string bytes;
  Found found;
};

std::vector<Row> rows() {
  constexpr auto kNone = MllpDefect::none;
  return {
      {"one", frame("MSH|a"), {{kNone, "MSH|a"}}},
      {"none", "", {}},
      {"two in one packet",
       frame("a") + frame("b"),
       {{kNone, "a"}, {kNone, "b"}}},
      {"an empty one", frame(""), {{kNone, ""}}},
      {"line ends inside", frame("a\rb\nc\r\n"), {{kNone, "a\rb\nc\r\n"}}},
      {"bytes between are ignored",
       "xx" + frame("a") + "\r\n" + frame("b"),
       {{kNone, "a"}, {kNone, "b"}}},
      {"no VT", "MSH|a" + kEnd, {{MllpDefect::unopened, "MSH|a"}}},
      {"no VT, then one",
       "MSH|a" + kEnd + frame("b"),
       {{MllpDefect::unopened, "MSH|a"}, {kNone, "b"}}},
      {"begun anew",
       kVt + "hal" + frame("whole"),
       {{MllpDefect::restarted, "hal"}, {kNone, "whole"}}},
      {"VT VT", kVt + frame("a"), {{MllpDefect::restarted, ""}, {kNone, "a"}}},
      {"FS without CR",
       kVt + "a\x1C" + frame("b"),
       {{MllpDefect::bad_end, "a"}, {kNone, "b"}}},
      {"FS inside", kVt + "a\x1C" + "b" + kEnd, {{MllpDefect::bad_end, "a"}}},
      {"FS FS CR", kVt + "a\x1C\x1C\r", {{MllpDefect::bad_end, "a"}}},
      {"never ended", kVt + "MSH|", {{MllpDefect::cut, "MSH|"}}},
      {"FS as the last byte", kVt + "a\x1C", {{MllpDefect::cut, "a"}}},
      {"as large as may be",
       frame(std::string(1000, 'x')),
       {{kNone, std::string(1000, 'x')}}},
      {"too large",
       frame(std::string(1001, 'x')),
       {{MllpDefect::too_large, std::string(1000, 'x')}}},
  };
}

TEST(MllpDecoderTest, FindsFramesHoweverTheyAreCut) {
  for (const auto& row : rows()) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 100'000U}) {
      EXPECT_EQ(decode(row.bytes, piece), row.found) << row.why << ' ' << piece;
    }
  }
}

TEST(MllpDecoderTest, CountsWhatItSkips) {
  MllpDecoder decoder(100);
  decoder.feed("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(decoder.skipped_bytes(), 18U);
  EXPECT_FALSE(decoder.inside_frame());
  decoder.feed(kVt + "ab");
  EXPECT_TRUE(decoder.inside_frame());
  EXPECT_EQ(decoder.open_bytes(), 2U);
  decoder.feed(kEnd);
  EXPECT_EQ(decoder.skipped_bytes(), 0U);
}

TEST(MllpDecoderTest, AMessageWithoutItsBeginIsADefect) {
  const auto bytes = "\r\n MSH|a\r" + kEnd + "HELLO" + frame("b") + "MSH|c";
  const Found found = {{MllpDefect::unopened, "MSH|a\r"},
                       {MllpDefect::none, "b"},
                       {MllpDefect::cut, "MSH|c"}};
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_EQ(decode(bytes, piece), found) << piece;
  }
}

TEST(MllpTest, FramesWhatDoesNotFrameItself) {
  const auto framed = mllp_framed("MSH|a\r");
  ASSERT_TRUE(framed);
  EXPECT_EQ(*framed, frame("MSH|a\r"));
  EXPECT_FALSE(mllp_framed("a\x0B"));
  EXPECT_FALSE(mllp_framed("a\x1C\rb"));
}

TEST(MllpTest, EveryDefectHasItsWords) {
  for (const auto defect :
       {MllpDefect::restarted, MllpDefect::bad_end, MllpDefect::too_large,
        MllpDefect::cut, MllpDefect::unopened}) {
    EXPECT_NE(text(defect), text(MllpDefect::none));
  }
}

TEST(MllpResponderTest, SendsOnceOrIsForgotten) {
  std::vector<std::string> sent;
  int forgotten = 0;
  const auto make = [&] {
    return MllpResponder(
        [&](const std::vector<std::string>& messages) {
          sent.insert(sent.end(), messages.begin(), messages.end());
        },
        [&] { ++forgotten; });
  };
  {
    const auto responder = make();
    responder.send({"a", "b"});
    responder.send({"c"});
  }
  EXPECT_EQ(sent, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(forgotten, 0);
  make();
  EXPECT_EQ(forgotten, 1);
}

}  // namespace
}  // namespace gateway::transport
