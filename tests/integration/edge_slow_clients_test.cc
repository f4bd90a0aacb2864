// A thousand clients that send a byte now and then, and a hundred that stop in
// the middle of a TLS handshake, must not disturb one that behaves.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "transport/http_client.h"
#include "unit/security/certificates.h"
#include "unit/transport/test_server.h"

namespace gateway::transport {
namespace {

using security::Certificates;
using security::TlsContext;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kSlowSockets = 1000;
constexpr int kStalledHandshakes = 100;
constexpr std::chrono::seconds kDuration{20};

// One that never gets to the end of a request.
class SlowClient {
 public:
  SlowClient(std::uint16_t port, std::string beginning)
      : port_(port), beginning_(std::move(beginning)), socket_(port) {
    socket_.send(beginning_);
  }
  // One byte more; a new connection when the old one was cut.
  void drip() {
    if (socket_.send("x")) return;
    ++cut_;
    std::destroy_at(&socket_);
    std::construct_at(&socket_, port_);
    socket_.send(beginning_);
  }
  [[nodiscard]] int times_cut() const { return cut_; }

 private:
  std::uint16_t port_;
  std::string beginning_;
  RawSocket socket_;
  int cut_ = 0;
};

std::vector<std::unique_ptr<SlowClient>> slow_clients(std::uint16_t plain,
                                                      std::uint16_t tls) {
  std::vector<std::unique_ptr<SlowClient>> clients;
  for (int i = 0; i < kSlowSockets; ++i) {
    clients.push_back(std::make_unique<SlowClient>(
        plain, i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: a\r\nX: "
                          : "POST / HTTP/1.1\r\nHost: a\r\n"
                            "Content-Length: 100000\r\n\r\n"));
  }
  const std::string hello("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11);
  for (int i = 0; i < kStalledHandshakes; ++i) {
    clients.push_back(
        std::make_unique<SlowClient>(tls, i % 2 == 0 ? "" : hello));
  }
  return clients;
}

struct Experience {
  int good = 0;
  int failed = 0;
  std::vector<Clock::duration> times;
  [[nodiscard]] long long p99_microseconds() {
    std::sort(times.begin(), times.end());
    return std::chrono::duration_cast<std::chrono::microseconds>(
               times[times.size() * 99 / 100])
        .count();
  }
};

// Asks over a connection that it keeps and over new ones, by turns.
Experience behave(HttpClientSettings settings, Clock::time_point until) {
  settings.answer_patience = milliseconds(5000);
  Experience experience;
  HttpClient kept(settings);
  while (Clock::now() < until) {
    HttpClient fresh(settings);
    for (HttpClient* client : {&kept, &fresh}) {
      const auto begin = Clock::now();
      const auto answer =
          client->send({.method = "POST", .target = "/", .body = "hello"});
      experience.times.push_back(Clock::now() - begin);
      const bool good = answer && answer->status == 200;
      ++(good ? experience.good : experience.failed);
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return experience;
}

TEST(EdgeSlowClientsTest, LeaveAGoodClientWithoutAFailure) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  TestServer plain{Echo()};
  HttpSettings with_tls;
  with_tls.listen.tls.emplace(*TlsContext::server(certificates.server()));
  TestServer tls(Echo(), with_tls);

  auto slow = slow_clients(plain.port(), tls.port());
  const auto until = Clock::now() + kDuration;
  std::thread attack([&] {
    while (Clock::now() < until) {
      for (auto& client : slow) client->drip();
      std::this_thread::sleep_for(milliseconds(500));
    }
  });
  HttpClientSettings to_tls;
  to_tls.target = {.host = "localhost", .port = tls.port()};
  to_tls.target.tls.emplace(*TlsContext::client(certificates.client()));
  Experience over_tls;
  std::thread tls_client([&] { over_tls = behave(to_tls, until); });
  HttpClientSettings to_plain;
  to_plain.target = {.host = "127.0.0.1", .port = plain.port()};
  Experience over_plain = behave(to_plain, until);
  tls_client.join();
  attack.join();

  EXPECT_EQ(over_plain.failed, 0);
  EXPECT_EQ(over_tls.failed, 0);
  EXPECT_GT(over_plain.good, 100);
  EXPECT_GT(over_tls.good, 100);
  const auto cut = std::count_if(slow.begin(), slow.end(), [](const auto& c) {
    return c->times_cut() > 0;
  });
  EXPECT_EQ(cut, kSlowSockets + kStalledHandshakes);
  std::printf(
      "good client beside %d slow ones: plain %d ok, p99 %lld us; TLS %d ok, "
      "p99 %lld us; %ld slow ones were cut\n",
      kSlowSockets + kStalledHandshakes, over_plain.good,
      over_plain.p99_microseconds(), over_tls.good, over_tls.p99_microseconds(),
      static_cast<long>(cut));
}

}  // namespace
}  // namespace gateway::transport
