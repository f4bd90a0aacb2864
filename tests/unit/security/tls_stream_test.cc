#include "security/tls_stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "unit/security/certificates.h"

namespace gateway::security {
namespace {

// A server's and a client's stream on two ends of one connection, driven by
// turns as a poll loop would.
class Pair {
 public:
  Pair(const TlsSettings& server, const TlsSettings& client,
       const std::string& name = "localhost") {
    EXPECT_EQ(
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets_.data()),
        0);
    server_.emplace_back(
        *TlsStream::accepting(*TlsContext::server(server), sockets_[0]));
    client_.emplace_back(
        *TlsStream::connecting(*TlsContext::client(client), sockets_[1], name));
  }
  ~Pair() {
    for (const int socket : sockets_) ::close(socket);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  TlsStream& server() { return server_[0]; }
  TlsStream& client() { return client_[0]; }
  [[nodiscard]] int client_socket() const { return sockets_[1]; }

  // Whether both ends got through. A TLS 1.3 client is done before the server
  // has judged its certificate, so that the server's word counts.
  bool shake_hands() {
    auto here = IoState::want_read;
    auto there = IoState::want_read;
    for (int turn = 0; turn < 20; ++turn) {
      if (there == IoState::want_read) there = client().handshake().state;
      if (here == IoState::want_read) here = server().handshake().state;
    }
    return here == IoState::done && there == IoState::done;
  }

 private:
  std::array<int, 2> sockets_{};
  std::vector<TlsStream> server_;
  std::vector<TlsStream> client_;
};

std::string read_all(TlsStream& stream) {
  std::string all;
  std::array<char, 1000> buffer{};
  while (true) {
    const auto result = stream.read(buffer.data(), buffer.size());
    if (result.state != IoState::done) return all;
    all.append(buffer.data(), result.bytes);
  }
}

TEST(TlsStreamTest, CarriesBytesBothWays) {
  WORKGATE_NEED_CERTIFICATES();
  Pair pair(Certificates::once().server(), Certificates::once().client());
  ASSERT_TRUE(pair.shake_hands()) << pair.client().failure();
  EXPECT_EQ(pair.client().write("hello", 5).bytes, 5U);
  EXPECT_EQ(read_all(pair.server()), "hello");
  EXPECT_EQ(pair.server().write("world", 5).bytes, 5U);
  EXPECT_EQ(read_all(pair.client()), "world");
  EXPECT_EQ(pair.server().peer_subject(), "");
}

TEST(TlsStreamTest, SaysWhatTheSocketMustBeReadyFor) {
  WORKGATE_NEED_CERTIFICATES();
  Pair pair(Certificates::once().server(), Certificates::once().client());
  EXPECT_EQ(pair.server().handshake().state, IoState::want_read);
  ASSERT_TRUE(pair.shake_hands());
  char byte = 0;
  EXPECT_EQ(pair.server().read(&byte, 1).state, IoState::want_read);
  const std::string much(100'000, 'x');
  IoResult result{IoState::done};
  while (result.state == IoState::done) {
    result = pair.client().write(much.data(), much.size());
  }
  EXPECT_EQ(result.state, IoState::want_write);
}

TEST(TlsStreamTest, DecryptedBytesMayWait) {
  WORKGATE_NEED_CERTIFICATES();
  Pair pair(Certificates::once().server(), Certificates::once().client());
  ASSERT_TRUE(pair.shake_hands());
  pair.client().write("hello", 5);
  char byte = 0;
  EXPECT_EQ(pair.server().read(&byte, 1).bytes, 1U);
  EXPECT_TRUE(pair.server().has_pending());
  EXPECT_EQ(read_all(pair.server()), "ello");
  EXPECT_FALSE(pair.server().has_pending());
}

TEST(TlsStreamTest, TheEndIsNotAFailure) {
  WORKGATE_NEED_CERTIFICATES();
  Pair pair(Certificates::once().server(), Certificates::once().client());
  ASSERT_TRUE(pair.shake_hands());
  pair.client().close_notify();
  char byte = 0;
  EXPECT_EQ(pair.server().read(&byte, 1).state, IoState::ended);
}

TEST(TlsStreamTest, APeerThatVanishesIsTheEndToo) {
  WORKGATE_NEED_CERTIFICATES();
  Pair pair(Certificates::once().server(), Certificates::once().client());
  ASSERT_TRUE(pair.shake_hands());
  ::shutdown(pair.client_socket(), SHUT_RDWR);
  char byte = 0;
  EXPECT_EQ(pair.server().read(&byte, 1).state, IoState::ended);
}

TEST(TlsStreamTest, PlainTextIsAFailureWithAReason) {
  WORKGATE_NEED_CERTIFICATES();
  Pair pair(Certificates::once().server(), Certificates::once().client());
  const std::string plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_GT(::send(pair.client_socket(), plain.data(), plain.size(), 0), 0);
  EXPECT_EQ(pair.server().handshake().state, IoState::failed);
  EXPECT_NE(pair.server().failure(), "");
}

// One thread serves many streams, and OpenSSL's errors belong to the thread.
TEST(TlsStreamTest, OneStreamsErrorDoesNotDisturbAnother) {
  WORKGATE_NEED_CERTIFICATES();
  Pair good(Certificates::once().server(), Certificates::once().client());
  Pair bad(Certificates::once().server(), Certificates::once().client());
  ASSERT_TRUE(good.shake_hands());
  ASSERT_GT(::send(bad.client_socket(), "nonsense", 8, 0), 0);
  EXPECT_EQ(bad.server().handshake().state, IoState::failed);
  char byte = 0;
  EXPECT_EQ(good.server().read(&byte, 1).state, IoState::want_read);
}

TEST(TlsStreamTest, AClientChecksTheServersNameAndAuthority) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  Pair other_name(certificates.server(), certificates.client(), "elsewhere");
  EXPECT_FALSE(other_name.shake_hands());
  TlsSettings trusting_others = certificates.client();
  trusting_others.authority_file = certificates.file("stranger-authority.pem");
  Pair other_authority(certificates.server(), trusting_others);
  EXPECT_FALSE(other_authority.shake_hands());
  TlsSettings trusting_all;
  trusting_all.server_certificate = ServerCertificate::unverified;
  Pair unverified(certificates.server(), trusting_all, "localhost");
  EXPECT_TRUE(unverified.shake_hands());
}

TEST(TlsStreamTest, MutualTlsKnowsItsClient) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  Pair known(certificates.mutual_server(), certificates.client_as("demo-ehr"));
  ASSERT_TRUE(known.shake_hands());
  EXPECT_EQ(known.server().peer_subject(), "CN=demo-ehr,O=Example");
  Pair anonymous(certificates.mutual_server(), certificates.client());
  EXPECT_FALSE(anonymous.shake_hands());
  Pair stranger(certificates.mutual_server(),
                certificates.client_as("stranger"));
  EXPECT_FALSE(stranger.shake_hands());
}

}  // namespace
}  // namespace gateway::security
