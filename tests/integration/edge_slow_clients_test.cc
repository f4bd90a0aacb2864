// A thousand HTTP clients and five hundred MLLP senders that send a byte now
// and then, and a hundred that stop in the middle of a TLS handshake, must not
// disturb those that behave.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "transport/http_client.h"
#include "unit/security/certificates.h"
#include "unit/transport/mllp_test_server.h"
#include "unit/transport/test_server.h"

namespace gateway::transport {
namespace {

using security::Certificates;
using security::TlsContext;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kSlowSockets = 1000;
constexpr int kStalledHandshakes = 100;
constexpr int kOpenFrames = 500;
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

struct Ports {
  std::uint16_t plain;
  std::uint16_t tls;
  std::uint16_t mllp;
};

std::vector<std::unique_ptr<SlowClient>> slow_clients(const Ports& ports) {
  std::vector<std::unique_ptr<SlowClient>> clients;
  for (int i = 0; i < kSlowSockets; ++i) {
    clients.push_back(std::make_unique<SlowClient>(
        ports.plain, i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: a\r\nX: "
                                : "POST / HTTP/1.1\r\nHost: a\r\n"
                                  "Content-Length: 100000\r\n\r\n"));
  }
  const std::string hello("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11);
  for (int i = 0; i < kStalledHandshakes; ++i) {
    clients.push_back(
        std::make_unique<SlowClient>(ports.tls, i % 2 == 0 ? "" : hello));
  }
  for (int i = 0; i < kOpenFrames; ++i) {
    clients.push_back(std::make_unique<SlowClient>(ports.mllp, "\x0BMSH|"));
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

// Asks `exchange` again and again; it says whether all was well.
template <typename Exchange>
void try_once(Experience& experience, Exchange exchange) {
  const auto begin = Clock::now();
  const bool good = exchange();
  experience.times.push_back(Clock::now() - begin);
  ++(good ? experience.good : experience.failed);
}

// Asks over a connection that it keeps and over new ones, by turns.
Experience behave(HttpClientSettings settings, Clock::time_point until) {
  settings.answer_patience = milliseconds(5000);
  Experience experience;
  HttpClient kept(settings);
  while (Clock::now() < until) {
    HttpClient fresh(settings);
    for (HttpClient* client : {&kept, &fresh}) {
      try_once(experience, [client] {
        const auto answer =
            client->send({.method = "POST", .target = "/", .body = "hello"});
        return answer && answer->status == 200;
      });
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return experience;
}

Experience send_messages(MllpClientSettings settings, Clock::time_point until) {
  settings.answer_patience = milliseconds(5000);
  Experience experience;
  MllpClient kept(settings);
  while (Clock::now() < until) {
    MllpClient fresh(settings);
    for (MllpClient* client : {&kept, &fresh}) {
      try_once(experience, [client] {
        const auto answer = client->exchange("MSH|");
        return answer && *answer == "A:MSH|";
      });
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return experience;
}

void expect_untroubled(const char* name, Experience experience) {
  EXPECT_EQ(experience.failed, 0) << name;
  EXPECT_GT(experience.good, 100) << name;
  std::printf("%s: %d ok, p99 %lld us\n", name, experience.good,
              experience.p99_microseconds());
}

TEST(EdgeSlowClientsTest, LeaveGoodClientsWithoutAFailure) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  TestServer plain{Echo()};
  HttpSettings with_tls;
  with_tls.listen.tls.emplace(*TlsContext::server(certificates.server()));
  TestServer tls(Echo(), with_tls);
  MllpSettings impatient;
  impatient.deadlines.frame_grace = milliseconds(5000);
  MllpTestServer mllp_server(acknowledge, impatient);

  auto slow = slow_clients({plain.port(), tls.port(), mllp_server.port()});
  const auto until = Clock::now() + kDuration;
  std::thread attack([&] {
    while (Clock::now() < until) {
      for (auto& client : slow) client->drip();
      std::this_thread::sleep_for(milliseconds(500));
    }
  });
  HttpClientSettings to_plain;
  to_plain.target = {.host = "127.0.0.1", .port = plain.port()};
  HttpClientSettings to_tls;
  to_tls.target = {.host = "localhost", .port = tls.port()};
  to_tls.target.tls.emplace(*TlsContext::client(certificates.client()));
  Experience over_tls;
  Experience over_mllp;
  std::thread tls_client([&] { over_tls = behave(to_tls, until); });
  std::thread mllp_client(
      [&] { over_mllp = send_messages(mllp_server.client(), until); });
  const Experience over_plain = behave(to_plain, until);
  tls_client.join();
  mllp_client.join();
  attack.join();

  expect_untroubled("HTTP", over_plain);
  expect_untroubled("HTTP over TLS", over_tls);
  expect_untroubled("MLLP", over_mllp);
  const auto cut =
      std::count_if(slow.begin(), slow.end(),
                    [](const auto& client) { return client->times_cut() > 0; });
  EXPECT_EQ(cut, std::ssize(slow));
}

}  // namespace
}  // namespace gateway::transport
