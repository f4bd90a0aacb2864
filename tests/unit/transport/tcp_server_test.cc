#include "transport/tcp_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "unit/transport/raw_socket.h"

namespace gateway::transport {
namespace {

using std::chrono::milliseconds;

TEST(TcpServerTest, WelcomesWithPeerAndSeat) {
  std::promise<std::string> peer;
  const auto server = TcpServer::listen(
      {}, [&](const Arrival& arrival) { peer.set_value(arrival.peer); });
  ASSERT_TRUE(server);
  RawSocket socket((*server)->port());
  EXPECT_EQ(peer.get_future().get().rfind("127.0.0.1:", 0), 0U);
  EXPECT_EQ(socket.receive_all(), "");  // dropped, so closed
  EXPECT_TRUE((*server)->wait_until_empty(milliseconds(5000)));
}

TEST(TcpServerTest, ListensOnIpv6) {
  ListenSettings settings;
  settings.address = "[::1]:0";
  const auto server = TcpServer::listen(settings, [](const Arrival&) {});
  if (!server) GTEST_SKIP() << "no IPv6 here: " << server.error().message;
  EXPECT_NE((*server)->port(), 0);
}

TEST(TcpServerTest, DrainStopsListening) {
  const auto server = TcpServer::listen({}, [](const Arrival&) {});
  ASSERT_TRUE(server);
  EXPECT_FALSE((*server)->draining());
  (*server)->begin_drain();
  (*server)->begin_drain();  // again does nothing
  EXPECT_TRUE((*server)->draining());
  EXPECT_FALSE(RawSocket((*server)->port()).connected());
}

TEST(TcpServerTest, StopMayBeCalledTwice) {
  const auto server = TcpServer::listen({}, [](const Arrival&) {});
  ASSERT_TRUE(server);
  (*server)->stop();
  (*server)->stop();
}

}  // namespace
}  // namespace gateway::transport
