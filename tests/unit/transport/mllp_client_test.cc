#include "transport/mllp_client.h"

#include <gtest/gtest.h>

#include <thread>

#include "unit/security/certificates.h"
#include "unit/transport/mllp_test_server.h"

namespace gateway::transport {
namespace {

using security::Certificates;
using security::TlsContext;
using std::chrono::milliseconds;

TEST(MllpClientTest, SendsAndReceivesApart) {
  MllpTestServer server([](const MllpFrame&, const MllpResponder& responder) {
    responder.send({"CA", "AA"});
  });
  MllpClient client(server.client());
  ASSERT_TRUE(client.send("MSH|"));
  EXPECT_EQ(*client.receive(), "CA");
  EXPECT_EQ(*client.receive(), "AA");
}

TEST(MllpClientTest, KeepsItsConnectionAndReconnects) {
  MllpSettings settings;
  settings.deadlines.idle = milliseconds(50);
  MllpTestServer server(acknowledge, settings);
  MllpClient client(server.client());
  EXPECT_TRUE(client.exchange("1"));
  EXPECT_TRUE(client.exchange("2"));
  EXPECT_EQ(server->counters().connections, 1U);
  while (server->open_connections() > 0) std::this_thread::yield();
  EXPECT_EQ(*client.exchange("3"), "A:3");
  EXPECT_EQ(server->counters().connections, 2U);
}

TEST(MllpClientTest, DoesNotWaitForEver) {
  MllpTestServer server([](const MllpFrame&, const MllpResponder& responder) {
    responder.send({});
  });
  auto settings = server.client();
  settings.answer_patience = milliseconds(50);
  MllpClient client(settings);
  const auto answer = client.exchange("1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_FALSE(client.connected());  // a late answer is not the next one's
}

TEST(MllpClientTest, RefusesWhatWouldEndItsFrame) {
  MllpTestServer server(acknowledge);
  MllpClient client(server.client());
  EXPECT_FALSE(client.exchange("a\x1C\rb"));
  EXPECT_EQ(server->counters().connections, 0U);
}

TEST(MllpClientTest, SaysThatNobodyListens) {
  MllpClientSettings settings;
  {
    const MllpTestServer server(acknowledge);
    settings = server.client();
  }
  EXPECT_FALSE(MllpClient(settings).exchange("1"));
  EXPECT_FALSE(MllpClient(settings).receive());
}

TEST(MllpClientTest, MutualTlsTellsTheHandlerWhoSends) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  MllpSettings settings;
  settings.listen.tls.emplace(
      *TlsContext::server(certificates.mutual_server()));
  MllpTestServer server(
      [](const MllpFrame& frame, const MllpResponder& responder) {
        responder.send({frame.tls_subject});
      },
      settings);
  auto to = server.client();
  to.target.host = "localhost";
  to.target.tls.emplace(
      *TlsContext::client(certificates.client_as("demo-ehr")));
  MllpClient known(to);
  for (const std::size_t size : {5U, 1'000'000U, 5U}) {
    const auto answer = known.exchange(std::string(size, 'x'));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(*answer, "CN=demo-ehr,O=Example");
  }
  to.target.tls.emplace(*TlsContext::client(certificates.client()));
  EXPECT_FALSE(MllpClient(to).exchange("1"));
  // The client may see the end before the server has noted why.
  while (server.refusals().empty()) std::this_thread::yield();
  EXPECT_EQ(server.refusals().size(), 1U);
}

TEST(MllpClientTest, AStalledHandshakeIsCut) {
  WORKGATE_NEED_CERTIFICATES();
  MllpSettings settings;
  settings.deadlines.handshake = milliseconds(100);
  settings.listen.tls.emplace(
      *TlsContext::server(Certificates::once().server()));
  MllpTestServer server(acknowledge, settings);
  RawSocket socket(server.port());
  EXPECT_EQ(socket.receive_all(), "");
  EXPECT_TRUE(socket.closed_by_peer());
  while (server.refusals().empty()) std::this_thread::yield();
  EXPECT_EQ(server.refusals().size(), 1U);
}

}  // namespace
}  // namespace gateway::transport
