#include "transport/http_server.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>
#include <vector>

#include "unit/transport/test_server.h"

namespace gateway::transport {
namespace {

using std::chrono::milliseconds;

TEST(HttpServerTest, SaysWhyItCannotListen) {
  const TestServer first{Echo()};
  HttpSettings settings;
  settings.listen.address = "127.0.0.1:" + std::to_string(first.port());
  const auto second = HttpServer::listen(settings, Echo());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_NE(second.error().message.find(settings.listen.address),
            std::string::npos);

  settings.listen.address = "no such place";
  EXPECT_FALSE(HttpServer::listen(settings, Echo()));
}

TEST(HttpServerTest, CountsRequestsAndRefusals) {
  TestServer server{Echo()};
  EXPECT_NE(server.exchange(post_text("x", kLast)).find("200 OK"),
            std::string::npos);
  EXPECT_NE(server.exchange("nonsense\r\n\r\n").find(" 400 "),
            std::string::npos);
  EXPECT_EQ(server->counters().connections, 2U);
  EXPECT_EQ(server->counters().requests, 1U);
  EXPECT_EQ(server->counters().refusals, 1U);
}

TEST(HttpServerTest, DrainClosesIdleConnectionsAndAcceptsNobody) {
  TestServer server{Echo()};
  RawSocket idle(server.port());
  idle.send(post_text("x"));
  idle.receive_until("/p:x");
  EXPECT_TRUE(server->drain(milliseconds(5000)));
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_TRUE(idle.closed_by_peer());
  EXPECT_FALSE(RawSocket(server.port()).connected());
}

// Holds requests until the test lets them go.
class Gate {
 public:
  Handler handler() {
    return [this](const Request& /*request*/, const Responder& responder) {
      const std::lock_guard lock(mutex_);
      held_.push_back(responder);
      changed_.notify_all();
    };
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_.size() >= count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    for (const auto& held : held_) held.send({.status = 200, .body = "late"});
    held_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Responder> held_;
};

TEST(HttpServerTest, DrainFinishesRequestsInFlight) {
  Gate gate;
  TestServer server{gate.handler()};
  RawSocket socket(server.port());
  socket.send(post_text("x"));
  gate.wait_for(1);
  EXPECT_FALSE(server->drain(milliseconds(1)));  // it still waits
  std::thread opener([&] { gate.open(); });
  EXPECT_TRUE(server->drain(milliseconds(5000)));
  opener.join();
  const std::string answer = socket.receive_all();
  EXPECT_NE(answer.find("late"), std::string::npos);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST(HttpServerTest, AnswersThatComeAfterItsEndAreDropped) {
  Gate gate;
  TestServer server{gate.handler()};
  RawSocket socket(server.port());
  socket.send(post_text("x"));
  gate.wait_for(1);
  server.destroy();
  gate.open();
  EXPECT_EQ(socket.receive_all(), "");
}

TEST(HttpServerTest, AFullQueueIsAnsweredAtOnceAndKeepsTheConnection) {
  std::mutex busy;
  std::atomic<int> running = 0;
  HttpSettings settings;
  settings.workers = 1;
  settings.most_waiting = 1;
  TestServer server(
      [&](const Request& /*request*/, const Responder& responder) {
        ++running;
        const std::lock_guard lock(busy);
        responder.send({.status = 200});
      },
      settings);
  std::unique_lock hold(busy);
  RawSocket runs(server.port());
  runs.send(post_text("x"));
  while (running == 0) std::this_thread::yield();
  RawSocket waits(server.port());
  waits.send(post_text("x"));
  while (server->counters().requests < 2) std::this_thread::yield();

  RawSocket refused(server.port());
  refused.send(post_text("x"));
  const std::string answer = refused.receive_until("\"edge/busy\"");
  EXPECT_NE(answer.find("HTTP/1.1 503 "), std::string::npos);
  EXPECT_NE(answer.find("Retry-After: "), std::string::npos);
  EXPECT_NE(answer.find("OperationOutcome"), std::string::npos);
  EXPECT_EQ(answer.find("Connection: close"), std::string::npos);
  hold.unlock();
  EXPECT_NE(runs.receive_until("\r\n\r\n").find(" 200 "), std::string::npos);
  EXPECT_NE(waits.receive_until("\r\n\r\n").find(" 200 "), std::string::npos);
}

TEST(HttpServerTest, TooManyConnectionsAreToldSo) {
  HttpSettings settings;
  settings.listen.connections.in_all = 2;
  TestServer server(Echo(), settings);
  RawSocket first(server.port());
  RawSocket second(server.port());
  first.send(get_text("/1"));
  first.receive_until("/1:");
  second.send(get_text("/2"));
  second.receive_until("/2:");
  RawSocket third(server.port());
  EXPECT_NE(third.receive_all().find("HTTP/1.1 503 "), std::string::npos);
  while (server.refusals().empty()) std::this_thread::yield();
  ASSERT_EQ(server.refusals().size(), 1U);
  EXPECT_EQ(server.refusals()[0].status, 503);
}

TEST(HttpServerTest, OneAddressCannotTakeAllConnections) {
  HttpSettings settings;
  settings.listen.connections.by_address = 1;
  TestServer server(Echo(), settings);
  RawSocket first(server.port());
  first.send(get_text("/1"));
  first.receive_until("/1:");
  RawSocket second(server.port());
  EXPECT_NE(second.receive_all().find("edge/too-many-connections"),
            std::string::npos);
}

TEST(HttpServerTest, ManyReactorsServeManyClients) {
  HttpSettings settings;
  settings.listen.reactors = 3;
  settings.workers = 2;
  TestServer server(Echo(), settings);
  std::vector<std::thread> clients;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      RawSocket socket(server.port());
      for (int n = 0; n < 50; ++n) {
        const std::string body = "body" + std::to_string(n) + ";";
        socket.send(post_text(body));
        const auto answer = socket.receive_until("/p:" + body);
        if (answer.find("200 OK") != std::string::npos) ++good;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(good, 8 * 50);
}

}  // namespace
}  // namespace gateway::transport
