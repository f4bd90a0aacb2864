// What senders over MLLP do wrong, against the binary over sockets: each is
// answered with a reason or its connection is closed, and what came is kept.
// The last case of every test is a good message, which still gets its AA.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "integration/running_gateway.h"
#include "integration/scratch_site.h"
#include "unit/transport/raw_socket.h"

namespace gateway::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kVt = "\x0B";
const std::string kEnd = "\x1C\r";

std::string framed(const std::string& content) { return kVt + content + kEnd; }

// A registration with that control id.
std::string good(const std::string& control_id) {
  const auto text = sample_message("ADT_A01/registered.hl7");
  std::size_t at = 0;
  for (int field = 1; field < 10; ++field) at = text.find('|', at) + 1;
  return text.substr(0, at) + control_id + text.substr(text.find('|', at));
}

std::string header(const std::string& control_id,
                   const std::string& rest = "P|2.5.1") {
  return "MSH|^~\\&|EHR|CLINIC|WORKGATE|SITE|20260401||ADT^A04^ADT_A01|" +
         control_id + "|" + rest + "\r";
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  all.reserve(text.size() * static_cast<std::size_t>(times));
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

class MllpFaultsTest : public testing::Test {
 protected:
  // Sends, ends the stream, and gives what comes until the gateway ends it.
  std::string exchange(const std::string& bytes) {
    transport::RawSocket socket(gateway_.mllp_port());
    EXPECT_TRUE(socket.connected());
    socket.send(bytes);
    socket.end_sending();
    auto answer = socket.receive_all(std::chrono::seconds(60));
    EXPECT_TRUE(socket.closed_by_peer());
    return answer;
  }
  void expect_service_goes_on(const std::string& control_id) {
    EXPECT_THAT(exchange(framed(good(control_id))),
                HasSubstr("MSA|AA|" + control_id));
  }
  // Waits until the newest message of the log has that rule.
  Reply newest_with(const std::string& rule) {
    for (int i = 0; i < 3'000; ++i) {
      auto newest = gateway_.newest_message();
      if (newest.root().get("rule").text() == rule) return newest;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the log has no " << rule;
    return {};
  }

  RunningGateway gateway_;
};

struct BadMessage {
  const char* name;
  std::string content;
  const char* answer;  // MSA and what stands behind it
  const char* state;
  const char* rule;
};

const std::vector<BadMessage>& bad_messages() {
  static const std::vector<BadMessage> kAll = {
      {"no MSH", "EVN|A04|20260401\rPID|1\r", "MSA|AR", "unparsed",
       "v2/unreadable"},
      {"three encoding characters", "MSH|^~\\|EHR|CLINIC\r", "MSA|AR",
       "unparsed", "v2/unreadable"},
      {"a letter delimits", "MSHA^~\\&AEHRACLINIC\r", "MSA|AR", "unparsed",
       "v2/unreadable"},
      {"one delimiter twice", "MSH|^^\\&|EHR|CLINIC\r", "MSA|AR", "unparsed",
       "v2/unreadable"},
      {"one character delimits all", "MSH|||||EHR|CLINIC\r", "MSA|AR",
       "unparsed", "v2/unreadable"},
      {"a batch", "FHS|^~\\&|EHR\rBHS|^~\\&|EHR\r" + header("B1"), "MSA|AR",
       "unparsed", "v2/unreadable"},
      {"a million segments", header("M1") + repeated("NTE|1\r", 1'000'000),
       "MSA|AR|M1", "unparsed", "v2/too-large"},
      {"64 K repetitions", header("M2") + "PID|1||" + repeated("a~", 65'536),
       "MSA|AR|M2", "unparsed", "v2/too-large"},
      {"an unknown character set", header("M3", "P|2.5.1||||||UNICODE UCS-7"),
       "MSA|AR|M3", "unparsed", "v2/unreadable"},
      {"bytes that are not its character set",
       header("M4", "P|2.5.1||||||UNICODE UTF-8") + "PID|1||\xC3\x28\r",
       "MSA|AR|M4", "unparsed", "v2/unreadable"},
      {"an empty control id", header(""), "MSA|AE\r", "rejected",
       "v2/no-control-id"},
      {"a control id beyond 199 characters", header(std::string(200, 'x')),
       "MSA|AE|xxx", "rejected", "v2/control-id-too-long"},
      {"an unknown version", header("M5", "P|9.9"), "MSA|AR|M5", "rejected",
       "v2/unsupported-version"},
      {"an unknown processing id", header("M6", "X|2.5.1"), "MSA|AR|M6",
       "rejected", "v2/unsupported-processing-id"},
      {"an event without a map",
       with(header("M7"), "ADT^A04^ADT_A01", "ZZZ^Z01"), "MSA|AR|M7",
       "rejected", "v2/unsupported-event"}};
  return kAll;
}

TEST_F(MllpFaultsTest, BadMessagesAreAnsweredAndKept) {
  for (const auto& bad : bad_messages()) {
    const auto answer = exchange(framed(bad.content));
    EXPECT_THAT(answer, HasSubstr(bad.answer)) << bad.name;
    EXPECT_THAT(answer, HasSubstr("\rERR|")) << bad.name;
    const auto kept = gateway_.newest_message();
    EXPECT_EQ(kept.root().get("state").text(), bad.state) << bad.name;
    EXPECT_EQ(kept.root().get("rule").text(), bad.rule) << bad.name;
    EXPECT_EQ(kept.root().get("bytes").text(),
              std::to_string(bad.content.size()))
        << bad.name;
    EXPECT_THAT(answer, HasSubstr(bad.rule)) << bad.name;
  }
  expect_service_goes_on("G1");
}

TEST_F(MllpFaultsTest, OddMessagesAreReadAllTheSame) {
  auto mixed = good("O1");
  int at = 0;
  for (std::size_t i = 0; i < mixed.size(); ++i) {
    if (mixed[i] != '\n' && mixed[i] != '\r') continue;
    mixed[i] = ++at % 2 == 0 ? '\n' : '\r';
  }
  EXPECT_THAT(exchange(framed(mixed)), HasSubstr("MSA|AA|O1"));
  const auto bomb = good("O2") + "NTE|1||" + repeated("\\X41..\\", 5'000) +
                    "\\X41\r" + "NTE|2||\\F\r";
  EXPECT_THAT(exchange(framed(bomb)), HasSubstr("MSA|A"));
  expect_service_goes_on("G2");
}

TEST_F(MllpFaultsTest, FramesThatEndBadlyAreRejectedAndTheConnectionCloses) {
  struct Case {
    const char* name;
    std::string bytes;
  };
  const Case kCases[] = {
      {"FS without CR", kVt + good("F1") + "\x1C" + "x"},
      {"FS inside", kVt + with(good("F2"), "PID|", "PID|\x1C|") + kEnd},
      {"never closed", kVt + good("F3")},
      {"never begun", good("F4") + kEnd},
      {"neither", good("F5")}};
  for (const auto& one : kCases) {
    const auto answer = exchange(one.bytes);
    EXPECT_THAT(answer, HasSubstr("MSA|AR|F")) << one.name;
    EXPECT_THAT(answer, HasSubstr("mllp/bad-frame")) << one.name;
    EXPECT_EQ(gateway_.newest_message().root().get("state").text(), "unparsed")
        << one.name;
  }
  // What came behind the FS is kept, too.
  const auto sent = with(good("F6"), "PID|", "PID|\x1C|");
  EXPECT_THAT(exchange(kVt + sent + kEnd), HasSubstr("MSA|AR|F6"));
  const auto kept = gateway_.newest_message();
  EXPECT_GE(std::stoul(std::string(kept.root().get("bytes").text())),
            sent.size());
  expect_service_goes_on("G3");
}

TEST_F(MllpFaultsTest, BytesWithoutAFrameCloseTheConnection) {
  EXPECT_EQ(exchange(repeated("hello ", 1'000)), "");
  newest_with("mllp/no-frame");
  EXPECT_EQ(exchange(std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8)), "");
  newest_with("mllp/tls-on-plain-port");
  // The log keeps what was said.
  const auto kept = gateway_.newest_message();
  EXPECT_EQ(kept.root().get("bytes").text(), "8");
  EXPECT_EQ(kept.root().get("contentBase64").text(), "FgMBAgABAAE=");
  EXPECT_EQ(exchange("GET / HTTP/1.1\r\nHost: here\r\n\r\n"), "");
  EXPECT_EQ(newest_with("mllp/no-frame").root().get("content").text(),
            "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  expect_service_goes_on("G4");
}

// The whole message has one answer, and what was cut is kept.
TEST_F(MllpFaultsTest, AMessageThatIsBegunAnewIsAnsweredOnce) {
  const auto unparsed = [this] {
    return gateway_.get("/log/messages?state=unparsed", "demo-operator")
        .root()
        .get("messages")
        .size();
  };
  EXPECT_THAT(exchange(kVt + framed(good("V1"))), HasSubstr("MSA|AA|V1"));
  EXPECT_EQ(unparsed(), 0U);
  for (const auto& half :
       {good("V2").substr(0, 200), std::string("MSH|^~\\&|half")}) {
    const auto answer = exchange(kVt + half + framed(good("V2")));
    EXPECT_THAT(answer, HasSubstr("MSA|AA|V2"));
    EXPECT_EQ(transport::RawSocket::count(answer, kEnd), 1);
  }
  EXPECT_EQ(unparsed(), 2U);
}

TEST_F(MllpFaultsTest, AMessageThatAnotherCutsIsRejected) {
  const auto answer =
      exchange(kVt + good("V3").substr(0, 200) + framed(good("V4")));
  EXPECT_LT(answer.find("MSA|AR|V3"), answer.find("MSA|AA|V4"));
  EXPECT_THAT(answer, HasSubstr("mllp/bad-frame"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|V4"));
}

// Whoever sends it waits for one answer.
TEST_F(MllpFaultsTest, AMessageWithAVtInItIsRejectedOnceWithAllItsBytes) {
  const auto sent = with(good("V5"), "PID|", "PID|\x0B\x0B|");
  const auto answer = exchange(kVt + sent + kEnd + framed(good("V6")));
  EXPECT_THAT(answer, HasSubstr("MSA|AR|V5"));
  EXPECT_EQ(transport::RawSocket::count(answer, kEnd), 1);
  const auto kept = gateway_.newest_message();
  EXPECT_EQ(kept.root().get("state").text(), "unparsed");
  EXPECT_EQ(kept.root().get("bytes").text(), std::to_string(sent.size()));
  expect_service_goes_on("V7");
}

TEST_F(MllpFaultsTest, HowFramesAreCutIntoPacketsDoesNotMatter) {
  const auto two = exchange(framed(good("P1")) + framed(good("P2")));
  EXPECT_LT(two.find("MSA|AA|P1"), two.find("MSA|AA|P2"));
  EXPECT_THAT(two, HasSubstr("MSA|AA|P2"));

  transport::RawSocket slow(gateway_.mllp_port());
  for (const char byte : framed(good("P3"))) {
    ASSERT_TRUE(slow.send({&byte, 1}));
  }
  EXPECT_THAT(slow.receive_until(kEnd), HasSubstr("MSA|AA|P3"));

  std::string many;
  for (int i = 0; i < 20; ++i) many += framed(good("Q" + std::to_string(i)));
  const auto answers = exchange(many);
  std::size_t at = 0;
  for (int i = 0; i < 20; ++i) {
    at = answers.find("MSA|AA|Q" + std::to_string(i) + "\r", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST_F(MllpFaultsTest, EnhancedModeIsAnsweredAsItAsks) {
  const auto with_modes = [](const std::string& id, const std::string& modes) {
    return with(sample_message("REF_I12/complete.hl7"), "R1001|P|2.5.1",
                id + "|P|2.5.1|||" + modes);
  };
  // Silence, then the answer to the next one.
  const auto silent =
      exchange(framed(with_modes("E1", "NE|NE")) + framed(good("E2")));
  EXPECT_THAT(silent, Not(HasSubstr("|E1\r")));
  EXPECT_THAT(silent, HasSubstr("MSA|AA|E2"));
  const auto both = exchange(framed(with_modes("E3", "AL|AL")));
  EXPECT_EQ(transport::RawSocket::count(both, kEnd), 2);
  EXPECT_LT(both.find("MSA|CA|E3"), both.find("MSA|AA|E3"));
  EXPECT_THAT(both, HasSubstr("|RRI^I12^RRI_I12|"));
  const auto errors = exchange(framed(
      with(with_modes("E4", "ER|NE"), "REF^I12^REF_I12", "REF^I99^REF_I12")));
  EXPECT_THAT(errors, HasSubstr("MSA|CR|E4"));
  // What cannot be parsed, too.
  const auto broken = exchange(
      framed(with(with_modes("E5", "AL|NE"), "Doe^Janet", "D\xC3(e^Janet")));
  EXPECT_THAT(broken, HasSubstr("MSA|CR|E5"));
}

TEST(MllpLimitTest, AFrameBeyondTheLimitIsRejected) {
  ScratchSite site;
  site.change("config/gateway.yaml", "bodyBytes: 16777216", "bodyBytes: 65536");
  RunningGateway gateway(site.path("config/gateway.yaml"));
  transport::RawSocket socket(gateway.mllp_port());
  socket.send(kVt + header("L1") + std::string(100'000, 'x') + kEnd);
  socket.end_sending();
  const auto answer = socket.receive_all(std::chrono::seconds(60));
  EXPECT_TRUE(socket.closed_by_peer());
  EXPECT_THAT(answer, HasSubstr("MSA|AR|L1"));
  const auto kept = gateway.newest_message();
  EXPECT_EQ(kept.root().get("bytes").text(), "65536");
}

// limits.mllpFrameSeconds of the configuration.
TEST(MllpDeadlineTest, AFrameThatStaysOpenIsAnsweredAndKept) {
  const ScratchConfiguration configuration("mllpFrameSeconds: 30",
                                           "mllpFrameSeconds: 1", "");
  RunningGateway gateway(configuration.file());
  transport::RawSocket socket(gateway.mllp_port());
  socket.send(kVt + header("H1"));
  EXPECT_THAT(socket.receive_all(std::chrono::seconds(60)),
              HasSubstr("MSA|AR|H1"));
  EXPECT_TRUE(socket.closed_by_peer());
  const auto newest = gateway.newest_message();
  EXPECT_EQ(newest.root().get("rule").text(), "mllp/bad-frame");
  EXPECT_EQ(newest.root().get("state").text(), "unparsed");
  EXPECT_EQ(newest.root().get("content").text(), header("H1"));
}

}  // namespace
}  // namespace gateway::integration
