#include "transport/http_client.h"

#include <gtest/gtest.h>

#include <thread>

#include "unit/security/certificates.h"
#include "unit/transport/test_server.h"

namespace gateway::transport {
namespace {

using security::Certificates;
using security::TlsContext;
using std::chrono::milliseconds;

HttpClientSettings local(std::uint16_t port) {
  HttpClientSettings settings;
  settings.target = {.host = "127.0.0.1", .port = port};
  return settings;
}

TEST(HttpClientTest, KeepsItsConnection) {
  TestServer server{Echo()};
  HttpClient client(local(server.port()));
  for (int i = 0; i < 3; ++i) {
    const auto answer =
        client.send({.method = "POST", .target = "/a", .body = "b"});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "/a:b");
    EXPECT_NE(header(answer->headers, "date"), "");
  }
  EXPECT_EQ(server->counters().connections, 1U);
}

TEST(HttpClientTest, ReconnectsWhenTheServerHasClosed) {
  HttpSettings settings;
  settings.deadlines.idle = milliseconds(50);
  TestServer server(Echo(), settings);
  HttpClient client(local(server.port()));
  ASSERT_TRUE(client.send({.target = "/1"}));
  while (server->open_connections() > 0) std::this_thread::yield();
  EXPECT_TRUE(client.send({.target = "/2"}));
  EXPECT_EQ(server->counters().connections, 2U);
}

TEST(HttpClientTest, ReadsAnEarlyRefusal) {
  HttpSettings settings;
  settings.limits.body = 10;
  TestServer server(Echo(), settings);
  HttpClient client(local(server.port()));
  const auto answer = client.send(
      {.method = "POST", .target = "/a", .body = std::string(3'000'000, 'x')});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 413);
  EXPECT_TRUE(client.send({.target = "/again"}));
}

TEST(HttpClientTest, NeverSendsWhatWouldInjectALine) {
  TestServer server{Echo()};
  HttpClient client(local(server.port()));
  EXPECT_FALSE(client.send({.target = "/a\r\nX: 1"}));
  EXPECT_FALSE(client.send({.headers = {{"A", "b\r\nc: d"}}}));
  EXPECT_FALSE(client.send({.method = "GET /"}));
  EXPECT_EQ(server->counters().connections, 0U);
}

TEST(HttpClientTest, DoesNotWaitForEver) {
  std::vector<Responder> held;
  TestServer server(
      [&](const Request&, const Responder& r) { held.push_back(r); });
  auto settings = local(server.port());
  settings.answer_patience = milliseconds(50);
  HttpClient client(settings);
  const auto answer = client.send({});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  server.destroy();
}

TEST(HttpClientTest, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    const TestServer server{Echo()};
    port = server.port();
  }
  HttpClient client(local(port));
  const auto answer = client.send({});
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("127.0.0.1:"), std::string::npos);
}

struct Subject {
  void operator()(const Request& request, const Responder& responder) const {
    responder.send({.status = 200,
                    .body = request.tls_subject + "|" +
                            std::to_string(request.body.size())});
  }
};

TEST(HttpClientTest, SpeaksTls) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  HttpSettings settings;
  settings.listen.tls.emplace(*TlsContext::server(certificates.server()));
  TestServer server(Subject(), settings);
  auto to = local(server.port());
  to.target.host = "localhost";
  to.target.tls.emplace(*TlsContext::client(certificates.client()));
  HttpClient client(to);
  for (const std::size_t size : {0U, 10U, 3'000'000U, 1U}) {
    const auto answer = client.send(
        {.method = "POST", .target = "/a", .body = std::string(size, 'x')});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "|" + std::to_string(size));
  }
  EXPECT_EQ(server->counters().connections, 1U);
}

TEST(HttpClientTest, MutualTlsTellsTheHandlerWhoAsks) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  HttpSettings settings;
  settings.listen.tls.emplace(
      *TlsContext::server(certificates.mutual_server()));
  TestServer server(Subject(), settings);
  auto to = local(server.port());
  to.target.host = "localhost";
  to.target.tls.emplace(
      *TlsContext::client(certificates.client_as("demo-ehr")));
  HttpClient known(to);
  const auto answer = known.send({});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "CN=demo-ehr,O=Example|0");

  to.target.tls.emplace(
      *TlsContext::client(certificates.client_as("stranger")));
  HttpClient stranger(to);
  EXPECT_FALSE(stranger.send({}));
  while (server.refusals().empty()) std::this_thread::yield();
  EXPECT_EQ(server.refusals().size(), 1U);
}

TEST(HttpClientTest, PlainTextOnATlsPortIsClosedAndLogged) {
  WORKGATE_NEED_CERTIFICATES();
  HttpSettings settings;
  settings.listen.tls.emplace(
      *TlsContext::server(Certificates::once().server()));
  TestServer server(Echo(), settings);
  RawSocket socket(server.port());
  socket.send(get_text("/"));
  EXPECT_EQ(socket.receive_all().find("HTTP"), std::string::npos);
  while (server.refusals().empty()) std::this_thread::yield();
  ASSERT_EQ(server.refusals().size(), 1U);
  EXPECT_EQ(server.refusals()[0].status, 0);
}

TEST(HttpClientTest, AStalledHandshakeIsCut) {
  WORKGATE_NEED_CERTIFICATES();
  HttpSettings settings;
  settings.deadlines.handshake = milliseconds(100);
  settings.listen.tls.emplace(
      *TlsContext::server(Certificates::once().server()));
  TestServer server(Echo(), settings);
  RawSocket socket(server.port());
  socket.send("\x16\x03\x01");
  EXPECT_EQ(socket.receive_all(), "");
  EXPECT_TRUE(socket.closed_by_peer());
  while (server.refusals().empty()) std::this_thread::yield();
  ASSERT_EQ(server.refusals().size(), 1U);
}

TEST(HttpClientTest, NewCertificatesServeNewConnections) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  HttpSettings settings;
  settings.listen.tls.emplace(*TlsContext::server(certificates.server()));
  TestServer server(Echo(), settings);
  server->renew_tls(*TlsContext::server(certificates.mutual_server()));
  auto to = local(server.port());
  to.target.host = "localhost";
  to.target.tls.emplace(*TlsContext::client(certificates.client()));
  EXPECT_FALSE(HttpClient(to).send({}));
}

}  // namespace
}  // namespace gateway::transport
