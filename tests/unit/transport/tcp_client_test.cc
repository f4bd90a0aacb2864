#include "transport/tcp_client.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "transport/tcp_server.h"

namespace gateway::transport {
namespace {

using std::chrono::milliseconds;

// Accepts one connection and hands its wire to the test.
class Peer {
 public:
  Peer() {
    auto server = TcpServer::listen({}, [this](Arrival arrival) {
      const std::lock_guard lock(mutex_);
      wire_.emplace(std::move(arrival.wire));
      arrived_.notify_all();
    });
    EXPECT_TRUE(server);
    server_ = *std::move(server);
  }
  [[nodiscard]] TcpTarget target() const {
    return {.host = "127.0.0.1", .port = server_->port()};
  }
  Wire& wire() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return wire_.has_value(); });
    return *wire_;
  }
  void hang_up() {
    wire();
    wire_.reset();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::optional<Wire> wire_;
  std::unique_ptr<TcpServer> server_;
};

TcpClient::Clock::time_point soon() {
  return TcpClient::Clock::now() + milliseconds(5000);
}

TEST(TcpClientTest, WritesAndReads) {
  Peer peer;
  auto client = TcpClient::connect(peer.target(), milliseconds(5000));
  ASSERT_TRUE(client) << client.error().message;
  TcpClient open = *std::move(client);
  EXPECT_FALSE(open.is_stale());
  EXPECT_EQ(peer.wire().write("hello", 5).bytes, 5U);
  const auto bytes = open.read(soon());
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, "hello");
  EXPECT_TRUE(open.write("ok", soon()));
}

TEST(TcpClientTest, SeesTheEnd) {
  Peer peer;
  TcpClient client = *TcpClient::connect(peer.target(), milliseconds(5000));
  peer.hang_up();
  const auto bytes = client.read(soon());
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(bytes->empty());
  EXPECT_TRUE(client.is_stale());
}

TEST(TcpClientTest, KeepsItsDeadlines) {
  Peer peer;
  TcpClient client = *TcpClient::connect(peer.target(), milliseconds(5000));
  const auto now = TcpClient::Clock::now();
  EXPECT_FALSE(client.read(now + milliseconds(20)));
  const std::string much(100'000'000, 'x');
  EXPECT_FALSE(client.write(much, now + milliseconds(50)));
}

TEST(TcpClientTest, SaysWhereItCannotConnect) {
  const auto client = TcpClient::connect(
      {.host = "no-such-host.invalid", .port = 1}, milliseconds(100));
  ASSERT_FALSE(client);
  EXPECT_NE(client.error().message.find("no-such-host.invalid"),
            std::string::npos);
}

}  // namespace
}  // namespace gateway::transport
