#include "server/v2_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <fstream>
#include <iterator>
#include <mutex>

#include "folders.h"
#include "server/v2_known.h"
#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A message of the maps' cases, with the segment ends that go over the wire.
std::string sample(const std::string& name) {
  std::ifstream in(std::string(GATEWAY_SOURCE_DIR) +
                       "/mappings/hl7v2/messages/cases/" + name,
                   std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  for (auto& byte : text) {
    if (byte == '\n') byte = '\r';
  }
  return text;
}

std::string registration() { return sample("ADT_A01/registered.hl7"); }

std::string control_id(const std::string& message) {
  std::size_t at = 0;
  for (int field = 1; field < 10; ++field) at = message.find('|', at) + 1;
  return message.substr(at, message.find('|', at) - at);
}

class V2IntakeTest : public testing::Test {
 protected:
  // The answers, joined; "nothing" where the connection is closed instead.
  std::string send(transport::MllpFrame frame) {
    frame.peer = "127.0.0.1:9";
    frame.received_at = gateway_.now;
    auto end = std::make_shared<std::promise<std::string>>();
    intake_.handle(std::move(frame),
                   transport::MllpResponder(
                       [end](const std::vector<std::string>& messages) {
                         std::string text;
                         for (const auto& one : messages) text += one;
                         end->set_value(text);
                       },
                       [end] { end->set_value("nothing"); }));
    return end->get_future().get();
  }
  std::string send(const std::string& content) {
    return send(transport::MllpFrame{.content = content});
  }
  void expect_kept(MessageState state, const std::string& rule,
                   const std::string& content) {
    const auto kept = gateway_.newest_message().message;
    EXPECT_EQ(kept.state, state);
    EXPECT_EQ(kept.rule, rule);
    EXPECT_EQ(kept.content, content);
    EXPECT_EQ(kept.channel, "mllp");
  }

  ScratchGateway gateway_;
  V2Intake intake_{gateway_.parts(), gateway_.pipeline()};
  const std::string sent_ = registration();
};

TEST_F(V2IntakeTest, StoresWhatItMapsAndKeepsTheBytes) {
  const auto answer = send(sent_);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|" + control_id(sent_)));
  EXPECT_THAT(gateway_.stored("Patient"), SizeIs(1));
  const auto kept = gateway_.newest_message();
  EXPECT_EQ(kept.message.content, sent_);
  EXPECT_EQ(kept.message.channel, "mllp");
  EXPECT_EQ(kept.message.control_id, control_id(sent_));
  EXPECT_EQ(kept.message.answer, answer);
  EXPECT_EQ(kept.sequence, gateway_.stored("Patient")[0].sequence);
}

TEST_F(V2IntakeTest, TheSameMessageGetsTheSameAnswer) {
  const auto first = send(sent_);
  EXPECT_EQ(send(sent_), first);
  EXPECT_EQ(gateway_.stored("Patient").at(0).version, 1U);
}

TEST_F(V2IntakeTest, AKnownControlIdWithOtherContentIsAnError) {
  send(sent_);
  const auto other = sent_ + "NTE|1||more\r";
  const auto answer = send(other);
  EXPECT_THAT(answer, HasSubstr("MSA|AE|" + control_id(sent_)));
  expect_kept(MessageState::rejected, "v2/known-control-id", other);
}

std::string without_header(const std::string& answer) {
  return answer.substr(std::min(answer.find("MSA|"), answer.size()));
}

// Refused for its event, by its map, and by the pipeline, which judges what is
// stored anew.
TEST_F(V2IntakeTest, TheSameRefusedMessageGetsTheSameAnswer) {
  const auto referral = sample("REF_I12/complete.hl7");
  EXPECT_THAT(send(referral), HasSubstr("MSA|AA|"));
  const auto known =
      with(with(referral, "R1001", "C1"), "|20260901|", "|20260801|");
  const std::pair<std::string, std::string> refused[] = {
      {"v2/unsupported-event", with(sent_, "ADT^A04", "ADT^Z04")},
      {"map/invalid", with(with(sent_, "A4001", "C2"), "19840217", "19841399")},
      {"rest/known-key", known}};
  for (const auto& [rule, message] : refused) {
    const auto first = send(message);
    EXPECT_THAT(first, HasSubstr(rule));
    EXPECT_EQ(without_header(send(message)), without_header(first)) << rule;
    if (rule != "rest/known-key") {
      EXPECT_EQ(send(message), first) << rule;
    }
    const auto other = send(message + "NTE|1||more\r");
    EXPECT_THAT(other, HasSubstr("MSA|AE|" + control_id(message)));
    EXPECT_THAT(other, HasSubstr("205")) << other;
    EXPECT_THAT(other, HasSubstr("v2/known-control-id"));
    EXPECT_THAT(other, HasSubstr("a new control id"));
    EXPECT_EQ(send(message + "NTE|1||more\r"), other) << rule;
    EXPECT_EQ(without_header(send(message)), without_header(first)) << rule;
  }
}

// What another configuration may take is tried again.
TEST_F(V2IntakeTest, ARefusalHoldsAsLongAsItsEdition) {
  const auto message = with(sent_, "ADT^A04", "ADT^Z04");
  const auto first = send(message);
  const auto put = [&](const char* hash) {
    auto edition = std::make_shared<Edition>(*demo_edition());
    edition->hash = hash;
    gateway_.editions().reload([&] { return edition; }, gateway_.now);
  };
  put("another");
  const auto second = send(message);
  EXPECT_NE(second, first);
  EXPECT_THAT(second, HasSubstr("v2/unsupported-event"));
  EXPECT_EQ(send(message), second);
  put(demo_edition()->hash.c_str());
  EXPECT_EQ(send(message), first);
}

TEST_F(V2IntakeTest, WhatIsOurOwnTroubleLeavesTheControlIdFree) {
  gateway_.store().fail({ErrorCode::too_large, "the disk is full"}, 1);
  EXPECT_THAT(send(sent_), Not(HasSubstr("MSA|AA|")));
  EXPECT_THAT(send(sent_), HasSubstr("MSA|AA|"));
}

TEST_F(V2IntakeTest, ABrokenFrameLeavesItsControlIdFree) {
  send({.content = sent_.substr(0, sent_.size() / 2),
        .defect = transport::MllpDefect::bad_end});
  send({.content = sent_, .defect = transport::MllpDefect::bad_end});
  EXPECT_THAT(send(sent_), HasSubstr("MSA|AA|" + control_id(sent_)));
}

TEST_F(V2IntakeTest, ARefusedMessageIsReplayedAnew) {
  const auto message = with(sent_, "ADT^A04", "ADT^Z04");
  const auto first = send(message);
  const auto kept = gateway_.newest_message();
  auto end = std::make_shared<End>();
  auto done = std::make_shared<std::promise<void>>();
  intake_.replay(
      kept, Purpose::commit, end,
      transport::MllpResponder(
          [done](const std::vector<std::string>&) { done->set_value(); },
          [done] { done->set_value(); }));
  done->get_future().wait();
  EXPECT_EQ(end->rule, "v2/unsupported-event");
  EXPECT_GT(gateway_.newest_message().sequence, kept.sequence);
  EXPECT_EQ(send(message), first);
}

TEST_F(V2IntakeTest, ABrokenFrameIsRejectedAndKept) {
  const auto answer =
      send({.content = sent_, .defect = transport::MllpDefect::bad_end});
  EXPECT_THAT(answer, HasSubstr("MSA|AR|" + control_id(sent_)));
  expect_kept(MessageState::unparsed, "mllp/bad-frame", sent_);
  EXPECT_THAT(gateway_.stored("Patient"), IsEmpty());
}

TEST_F(V2IntakeTest, WhatIsNoMessageIsRejected) {
  EXPECT_THAT(send("hello"), HasSubstr("MSA|AR"));
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::unparsed);
  EXPECT_EQ(kept.content, "hello");
}

TEST_F(V2IntakeTest, AnEventWithoutAMapIsRejected) {
  const auto other =
      "MSH|^~\\&|EHR|CLINIC|GATE|CLINIC|20260401||ZZZ^Z99^ZZZ_Z99|C-9|P|2.5."
      "1\r";
  EXPECT_THAT(send(other), HasSubstr("MSA|AR|C-9"));
  expect_kept(MessageState::rejected, "v2/unsupported-event", other);
}

TEST_F(V2IntakeTest, EachResourceNamesItsMap) {
  send(sent_);
  const auto body = gateway_.stored("Patient").at(0).body;
  EXPECT_THAT(body, HasSubstr("\"source\":\"https://workgate.example/fhir/"
                              "map/"));
  EXPECT_THAT(body, HasSubstr("|" + demo_edition()->maps->hash));
}

TEST_F(V2IntakeTest, WhatIsRefusedIsFoundByItsPatient) {
  auto other = sent_;
  other.replace(other.find("ADT^A"), 7, "ADT^Z99");
  EXPECT_THAT(send(other), HasSubstr("MSA|AR|"));
  EXPECT_FALSE(gateway_.newest_message().message.keys.empty());
}

TEST_F(V2IntakeTest, OneSendersFloodHoldsUpNobodyElse) {
  std::deque<std::function<void()>> pool;
  auto parts = gateway_.parts();
  parts.run = [&pool](std::function<void()> work) {
    pool.push_back(std::move(work));
  };
  V2Intake intake(parts, gateway_.pipeline());
  std::mutex mutex;
  std::vector<std::string> order;
  const auto arrive = [&](const std::string& peer) {
    intake.handle({.content = "hello", .peer = peer + ":1"},
                  transport::MllpResponder(
                      [&, peer](const std::vector<std::string>&) {
                        const std::lock_guard lock(mutex);
                        order.push_back(peer);
                      },
                      [] {}));
  };
  for (int i = 0; i < 50; ++i) arrive("flood");
  arrive("other");
  EXPECT_EQ(pool.size(), 4U);  // never more of this in the pool
  while (!pool.empty()) {
    const auto work = std::move(pool.front());
    pool.pop_front();
    work();
  }
  parts.under_way.wait_for_none();
  ASSERT_THAT(order, SizeIs(51));
  EXPECT_EQ(order[1], "other");
}

TEST_F(V2IntakeTest, WhoIsNobodysCertificateIsRefused) {
  auto edition = std::make_shared<Edition>(*demo_edition());
  edition->settings.certificates["CN=mercy"] = "demo-clearinghouse";
  gateway_.editions().reload([&] { return edition; }, gateway_.now);
  const auto refused = send(transport::MllpFrame{
      .content = sent_, .tls_subject = "CN=somebody else"});
  EXPECT_THAT(refused, HasSubstr("MSA|AR|" + control_id(sent_)));
  EXPECT_THAT(refused, HasSubstr("security/unknown-partner"));
  EXPECT_EQ(gateway_.newest_message().message.owner, "");
  send(transport::MllpFrame{.content = "hello", .tls_subject = "CN=mercy"});
  EXPECT_EQ(gateway_.newest_message().message.owner, "demo-clearinghouse");
}

TEST_F(V2IntakeTest, AStoreThatIsAwayIsSilence) {
  gateway_.store().fail({ErrorCode::unavailable, "the store is away"}, 2);
  EXPECT_EQ(send(sent_), "nothing");
  EXPECT_EQ(send("hello"), "nothing");
  EXPECT_THAT(send(sent_), HasSubstr("MSA|AA|"));
}

}  // namespace
}  // namespace gateway::server
