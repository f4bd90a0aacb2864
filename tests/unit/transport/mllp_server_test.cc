#include "transport/mllp_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <thread>

#include "unit/transport/mllp_test_server.h"

namespace gateway::transport {
namespace {

using std::chrono::milliseconds;

TEST(MllpServerTest, SaysWhyItCannotListen) {
  const MllpTestServer first(acknowledge);
  MllpSettings settings;
  settings.listen.address = "127.0.0.1:" + std::to_string(first.port());
  EXPECT_FALSE(MllpServer::listen(settings, acknowledge));
}

TEST(MllpServerTest, ServesManyConnections) {
  MllpTestServer server(acknowledge);
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      MllpClient client(server.client());
      for (int n = 0; n < 50; ++n) {
        const std::string message = std::to_string(i) + "." + std::to_string(n);
        const auto answer = client.exchange(message);
        if (answer && *answer == "A:" + message) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 16 * 50);
  EXPECT_EQ(server->counters().connections, 16U);
  EXPECT_EQ(server->counters().frames, 16U * 50);
  EXPECT_EQ(server->counters().bytes_in_flight, 0U);
}

// Holds frames until the test lets them go.
class Gate {
 public:
  MllpHandler handler() {
    return [this](const MllpFrame& frame, const MllpResponder& responder) {
      const std::lock_guard lock(mutex_);
      held_.emplace_back(frame.content, responder);
      changed_.notify_all();
    };
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_.size() >= count; });
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  void answer(std::size_t index) {
    const std::lock_guard lock(mutex_);
    held_[index].second.send({"A:" + held_[index].first});
  }
  void forget_all() {
    const std::lock_guard lock(mutex_);
    held_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<std::string, MllpResponder>> held_;
};

TEST(MllpServerTest, DrainWaitsForAnswersAndBeginsNothing) {
  Gate gate;
  MllpTestServer server(gate.handler());
  RawSocket busy(server.port());
  busy.send(mllp("1") + mllp("2"));
  RawSocket idle(server.port());
  gate.wait_for(1);
  EXPECT_FALSE(server->drain(milliseconds(1)));
  std::thread answerer([&] { gate.answer(0); });
  EXPECT_TRUE(server->drain(milliseconds(5000)));
  answerer.join();
  EXPECT_EQ(busy.receive_all(), mllp("A:1"));
  EXPECT_EQ(gate.count(), 1U);
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_FALSE(RawSocket(server.port()).connected());
}

TEST(MllpServerTest, AnswersThatComeAfterItsEndAreDropped) {
  Gate gate;
  MllpTestServer server(gate.handler());
  RawSocket socket(server.port());
  socket.send(mllp("1"));
  gate.wait_for(1);
  server.destroy();
  gate.answer(0);
  EXPECT_EQ(socket.receive_all(), "");
}

TEST(MllpServerTest, AForgottenFrameClosesTheConnection) {
  Gate gate;
  MllpTestServer server(gate.handler());
  RawSocket socket(server.port());
  socket.send(mllp("1"));
  gate.wait_for(1);
  gate.forget_all();
  EXPECT_EQ(socket.receive_all(), "");
  EXPECT_TRUE(socket.closed_by_peer());
  while (server.refusals().empty()) std::this_thread::yield();
  ASSERT_EQ(server.refusals().size(), 1U);
  EXPECT_EQ(server.refusals()[0].reason.rfind("mllp/no-answer", 0), 0U);
}

TEST(MllpServerTest, ReadsNoFurtherWhileFramesWaitForAnswers) {
  Gate gate;
  MllpSettings settings;
  settings.most_unanswered = 2;
  MllpTestServer server(gate.handler(), settings);
  RawSocket socket(server.port());
  socket.send(mllp("1") + mllp("2") + mllp("3"));
  gate.wait_for(2);
  gate.answer(1);  // the second: it may not overtake the first
  EXPECT_EQ(socket.receive_all(milliseconds(50)), "");
  EXPECT_EQ(gate.count(), 2U);
  gate.answer(0);
  EXPECT_EQ(socket.receive_until("A:2\x1C\r"), mllp("A:1") + mllp("A:2"));
  gate.wait_for(3);
  gate.answer(2);
  EXPECT_EQ(socket.receive_until("A:3\x1C\r"), mllp("A:3"));
}

TEST(MllpServerTest, AFloodingSenderIsHeldByItsOwnNetwork) {
  Gate gate;
  MllpTestServer server(gate.handler());
  RawSocket socket(server.port());
  std::thread flood([&] {
    const std::string frame = mllp(std::string(100'000, 'x'));
    for (int i = 0; i < 1000; ++i) {
      if (!socket.send(frame)) return;
    }
  });
  gate.wait_for(1);
  EXPECT_LT(server->counters().bytes_in_flight, 400'000U);
  server.destroy();
  flood.join();
}

// All of the flood lies in the network before the quiet frame comes.
TEST(MllpServerTest, AFloodDoesNotStarveAnotherPartner) {
  std::mutex hold;
  std::vector<std::string> order;
  std::atomic<bool> begun = false;
  MllpTestServer server(
      [&](const MllpFrame& frame, const MllpResponder& responder) {
        begun = true;
        const std::lock_guard lock(hold);
        order.push_back(frame.content);
        responder.send({});
      });
  RawSocket quiet(server.port());
  RawSocket flood(server.port());
  {
    const std::lock_guard lock(hold);
    std::string many;
    for (int n = 0; n < 5000; ++n) many += mllp("f");
    flood.send(many);
    while (!begun) std::this_thread::yield();
    quiet.send(mllp("quiet"));
  }
  while (server->counters().frames < 5001) std::this_thread::yield();
  server.destroy();
  const auto place = std::find(order.begin(), order.end(), "quiet");
  EXPECT_LT(place - order.begin(), 20);
}

TEST(MllpServerTest, TooManyConnectionsAreClosedAndLogged) {
  MllpSettings settings;
  settings.listen.connections.by_address = 1;
  MllpTestServer server(acknowledge, settings);
  MllpClient first(server.client());
  ASSERT_TRUE(first.exchange("1"));
  RawSocket second(server.port());
  EXPECT_EQ(second.receive_all(), "");
  while (server.refusals().empty()) std::this_thread::yield();
  ASSERT_EQ(server.refusals().size(), 1U);
  EXPECT_TRUE(first.exchange("2"));
}

}  // namespace
}  // namespace gateway::transport
