#include "transport/mllp_connection.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "unit/transport/mllp_test_server.h"

namespace gateway::transport {
namespace {

using std::chrono::milliseconds;

struct Row {
  const char* why;
  std::string bytes;
  std::string answers;
};

// The sender ends after its bytes, so that each row ends.
std::vector<Row> rows() {
  return {
      {"one", mllp("1"), mllp("A:1")},
      {"two in one packet", mllp("1") + mllp("2"), mllp("A:1") + mllp("A:2")},
      {"no VT", "MSH|\x1C\r", mllp("R:MSH|")},
      {"no frame", "MS|\x1C\r", ""},
      {"VT VT", "\x0B" + mllp("1"), mllp("A:1")},
      {"begun anew", "\x0Bhalf" + mllp("MSH|1"),
       mllp("R:half before MSH|1") + mllp("A:MSH|1")},
      {"begun anew behind a mark of the byte order",
       "\x0Bhalf" + mllp("\xEF\xBB\xBFMSH|1"),
       mllp("R:half before \xEF\xBB\xBFMSH|1") + mllp("A:\xEF\xBB\xBFMSH|1")},
      {"begun three times", "\x0BMSH|1\x0BMSH|2\x0B" + mllp("MSH|3"),
       mllp("R:MSH|1 before MSH|2") + mllp("R:MSH|2 before MSH|3") +
           mllp("A:MSH|3")},
      {"begun anew and never ended", "\x0BMSH|1\x0BMSH|2",
       mllp("R:MSH|1 before MSH|2") + mllp("R:MSH|2")},
      {"VT inside, then another", "\x0BMSH|1\x0Bx\x0By\x1C\r" + mllp("2"),
       mllp("R:MSH|10x0y")},
      {"FS without CR, then another",
       "\x0B"
       "1\x1C" +
           mllp("2"),
       mllp("R:11021\r")},
      {"FS inside",
       "\x0B"
       "1\x1C"
       "2\x1C\r",
       mllp("R:1121\r")},
      {"never ended",
       "\x0B"
       "1",
       mllp("R:1")},
      {"bytes between", "\r\n" + mllp("1") + "\r\n", mllp("A:1")},
  };
}

TEST(MllpConnectionTest, AnswersWhatComes) {
  MllpTestServer server(acknowledge);
  for (const auto& row : rows()) {
    RawSocket socket(server.port());
    socket.send(row.bytes);
    socket.end_sending();
    EXPECT_EQ(socket.receive_all(), row.answers) << row.why;
    EXPECT_TRUE(socket.closed_by_peer()) << row.why;
  }
}

TEST(MllpConnectionTest, OneByteAPacket) {
  MllpTestServer server(acknowledge);
  RawSocket socket(server.port());
  for (const char byte : mllp("slow")) {
    socket.send(std::string_view(&byte, 1));
  }
  EXPECT_EQ(socket.receive_until("\x1C\r"), mllp("A:slow"));
}

TEST(MllpConnectionTest, ManyFramesSentAheadAreAnsweredInOrder) {
  MllpTestServer server(acknowledge);
  RawSocket socket(server.port());
  std::string sent;
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    sent += mllp(std::to_string(i));
    expected += mllp("A:" + std::to_string(i));
  }
  socket.send(sent);
  EXPECT_EQ(socket.receive_until("A:499\x1C\r"), expected);
}

TEST(MllpConnectionTest, SilenceAndTwoAnswers) {
  MllpTestServer server(
      [](const MllpFrame& frame, const MllpResponder& responder) {
        if (frame.content == "silent") return responder.send({});
        responder.send({"CA", "AA"});
      });
  RawSocket socket(server.port());
  socket.send(mllp("silent") + mllp("both"));
  EXPECT_EQ(socket.receive_until("AA\x1C\r"), mllp("CA") + mllp("AA"));
}

TEST(MllpConnectionTest, AFrameThatIsTooLargeIsAnsweredAndEndsTheConnection) {
  MllpSettings settings;
  settings.most_frame_bytes = 10;
  MllpTestServer server(acknowledge, settings);
  RawSocket socket(server.port());
  socket.send(mllp(std::string(1'000'000, 'x')) + mllp("next"));
  EXPECT_EQ(socket.receive_all(), mllp("R:" + std::string(10, 'x')));
  EXPECT_TRUE(socket.closed_by_peer());
  EXPECT_EQ(server->counters().defects, 1U);
}

TEST(MllpConnectionTest, AnOpenFrameHasADeadline) {
  MllpSettings settings;
  settings.deadlines.frame_grace = milliseconds(100);
  MllpTestServer server(acknowledge, settings);
  RawSocket socket(server.port());
  socket.send("\x0Bhalf");
  EXPECT_EQ(socket.receive_all(), mllp("R:half"));
  EXPECT_TRUE(socket.closed_by_peer());
}

TEST(MllpConnectionTest, AnIdleConnectionIsClosed) {
  MllpSettings settings;
  settings.deadlines.idle = milliseconds(100);
  MllpTestServer server(acknowledge, settings);
  RawSocket socket(server.port());
  socket.send(mllp("1"));
  EXPECT_EQ(socket.receive_all(), mllp("A:1"));
  EXPECT_TRUE(socket.closed_by_peer());
  EXPECT_TRUE(server.refusals().empty());
}

TEST(MllpConnectionTest, OtherProtocolsAreClosedAndLogged) {
  MllpSettings settings;
  settings.most_skipped = 100;
  MllpTestServer server(acknowledge, settings);
  RawSocket socket(server.port());
  socket.send("GET /" + std::string(200, 'a') + " HTTP/1.1\r\n\r\n");
  EXPECT_EQ(socket.receive_all(), "");
  EXPECT_TRUE(socket.closed_by_peer());
  while (server.refusals().empty()) std::this_thread::yield();
  ASSERT_EQ(server.refusals().size(), 1U);
  EXPECT_EQ(server.refusals()[0].reason.rfind("mllp/no-frame", 0), 0U);
  EXPECT_EQ(server.refusals()[0].content,
            "GET /" + std::string(200, 'a') + " HTTP/1.1\r\n\r\n");
}

TEST(MllpConnectionTest, ALoneByteIsKept) {
  MllpTestServer server(acknowledge);
  RawSocket socket(server.port());
  socket.send("x");
  socket.end_sending();
  EXPECT_EQ(socket.receive_all(), "");
  while (server.refusals().empty()) std::this_thread::yield();
  EXPECT_EQ(server.refusals()[0].content, "x");
}

TEST(MllpConnectionTest, AnAnswerMayComeLaterFromAnyThread) {
  std::vector<std::thread> threads;
  MllpTestServer server(
      [&](const MllpFrame& frame, const MllpResponder& responder) {
        threads.emplace_back([content = frame.content, responder] {
          responder.send({"A:" + content});
        });
      });
  RawSocket socket(server.port());
  socket.send(mllp("1") + mllp("2") + mllp("3"));
  EXPECT_EQ(socket.receive_until("A:3\x1C\r"),
            mllp("A:1") + mllp("A:2") + mllp("A:3"));
  server.destroy();
  for (auto& thread : threads) thread.join();
}

TEST(MllpConnectionTest, SaysWhenAnAnswerWasWritten) {
  std::mutex mutex;
  std::vector<std::string> said;
  MllpTestServer server(
      [&](const MllpFrame& frame, const MllpResponder& responder) {
        const bool silent = frame.content == "2";
        const auto since = frame.received_at;
        responder.send(silent ? std::vector<std::string>()
                              : std::vector<std::string>{"A:" + frame.content},
                       [&, since, content = frame.content](Instant at) {
                         const std::lock_guard lock(mutex);
                         said.push_back(content + (at < since ? "?" : ""));
                       });
      });
  RawSocket socket(server.port());
  socket.send(mllp("1") + mllp("2") + mllp("3"));
  socket.receive_until("A:3\x1C\r");
  server.destroy();
  EXPECT_EQ(said, (std::vector<std::string>{"1", "3"}));
}

TEST(MllpConnectionTest, WhatFailsInTheHandlerIsNotAcknowledged) {
  MllpTestServer server([](const MllpFrame&, const MllpResponder&) {
    throw std::runtime_error("a defect");
  });
  RawSocket socket(server.port());
  socket.send(mllp("1"));
  EXPECT_EQ(socket.receive_all(), "");
  EXPECT_TRUE(socket.closed_by_peer());
}

TEST(MllpConnectionTest, AnAnswerCannotBreakItsFrame) {
  MllpTestServer server([](const MllpFrame&, const MllpResponder& responder) {
    responder.send({"A\x1C\rB"});
  });
  RawSocket socket(server.port());
  socket.send(mllp("1"));
  EXPECT_EQ(socket.receive_all(), "");
  while (server.refusals().empty()) std::this_thread::yield();
  ASSERT_EQ(server.refusals().size(), 1U);
}

TEST(MllpConnectionTest, OneSenderHasAShareOfTheBudget) {
  SenderBytes senders;
  const auto one = senders.of("10.0.0.1");
  EXPECT_EQ(senders.of("10.0.0.1"), one);
  EXPECT_NE(senders.of("10.0.0.2"), one);
  *one = 17;
  EXPECT_EQ(*senders.of("10.0.0.1"), 17U);

  MllpSettings settings;
  settings.most_bytes_by_sender = 1000;
  MllpTestServer server(acknowledge, settings);
  RawSocket first(server.port());
  first.send("\x0B" + std::string(3000, 'x'));  // twice its share, and open
  EXPECT_EQ(first.receive_all(milliseconds(10'000)), "");
  const auto refusals = server.refusals();
  ASSERT_EQ(refusals.size(), 1U);
  EXPECT_EQ(refusals[0].reason, "mllp/busy: too many bytes in flight");
  RawSocket second(server.port());
  second.send(mllp("next"));
  second.end_sending();
  EXPECT_EQ(second.receive_all(milliseconds(10'000)), mllp("A:next"));
}

TEST(MllpConnectionTest, TlsOnThePlainPortIsRefusedAtOnce) {
  MllpTestServer server(acknowledge);
  RawSocket client(server.port());
  client.send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  EXPECT_EQ(client.receive_all(milliseconds(10'000)), "");
  const auto refusals = server.refusals();
  ASSERT_EQ(refusals.size(), 1U);
  EXPECT_EQ(refusals[0].reason.substr(0, 22), "mllp/tls-on-plain-port");
  EXPECT_EQ(refusals[0].content, std::string("\x16\x03\x01\x02\x00\x01", 6));
}

TEST(MllpConnectionTest, BeyondTheBudgetNoNewFrameIsBegun) {
  std::mutex mutex;
  std::vector<MllpResponder> held;
  MllpSettings settings;
  settings.most_bytes_in_flight = 1000;
  MllpTestServer server(
      [&](const MllpFrame&, const MllpResponder& responder) {
        const std::lock_guard lock(mutex);
        held.push_back(responder);
      },
      settings);
  RawSocket first(server.port());
  first.send(mllp(std::string(1500, 'x')));
  const auto wait_for = [&](std::size_t frames) {
    for (std::size_t seen = 0; seen < frames;) {
      std::this_thread::yield();
      const std::lock_guard lock(mutex);
      seen = held.size();
    }
  };
  wait_for(1);
  RawSocket second(server.port());
  second.send(mllp("waits"));
  EXPECT_EQ(second.receive_all(milliseconds(50)), "");
  EXPECT_EQ(server->counters().frames, 1U);
  {
    const std::lock_guard lock(mutex);
    held[0].send({"done"});
  }
  wait_for(2);
  {
    const std::lock_guard lock(mutex);
    held[1].send({"done too"});
  }
  EXPECT_EQ(second.receive_until("\x1C\r"), mllp("done too"));
}

}  // namespace
}  // namespace gateway::transport
