// Requests a second of the edge beside a bare epoll echo that reads as many
// bytes, in one run: what parsing, checks and deadlines cost.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "transport/http_server.h"

namespace {

using gateway::transport::HttpServer;
using gateway::transport::HttpSettings;
using gateway::transport::Request;
using gateway::transport::Responder;
using Clock = std::chrono::steady_clock;

constexpr int kClients = 64;
constexpr std::size_t kBodyBytes = 3'700;
constexpr std::chrono::milliseconds kRound{1'500};
constexpr int kRounds = 5;

const std::string kAnswerBody = "{\"resourceType\":\"Bundle\"}";

std::string request_text() {
  return "POST /fhir HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
         "User-Agent: bench\r\nAccept: application/fhir+json\r\n"
         "Content-Type: application/fhir+json\r\n"
         "Prefer: return=minimal\r\nX-Workgate-Partner: demo-ehr\r\n"
         "Content-Length: " +
         std::to_string(kBodyBytes) + "\r\n\r\n" + std::string(kBodyBytes, 'x');
}

int listening_socket(std::uint16_t& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener, reinterpret_cast<sockaddr*>(&address), size);
  ::listen(listener, kClients);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return listener;
}

void watch(int epoll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

void no_delay(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// The floor: counts bytes, and answers each request's worth of them.
class BareEcho {
 public:
  BareEcho() : listener_(listening_socket(port_)) {
    thread_ = std::thread([this] { run(); });
  }
  ~BareEcho() {
    stopped_ = true;
    thread_.join();
    ::close(listener_);
  }
  BareEcho(const BareEcho&) = delete;
  BareEcho& operator=(const BareEcho&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void run() {
    const int epoll = ::epoll_create1(0);
    watch(epoll, listener_);
    std::vector<std::size_t> received(1 << 16U);
    std::array<epoll_event, 256> events{};
    while (!stopped_) {
      const int count = ::epoll_wait(epoll, events.data(), 256, 50);
      for (int i = 0; i < count; ++i) {
        const int socket = events.at(static_cast<std::size_t>(i)).data.fd;
        if (socket == listener_) {
          const int accepted =
              ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
          no_delay(accepted);
          watch(epoll, accepted);
        } else {
          serve(socket, received[static_cast<std::size_t>(socket)]);
        }
      }
    }
    ::close(epoll);
  }
  void serve(int socket, std::size_t& received) const {
    std::array<char, 16384> buffer;  // NOLINT: filled by recv
    const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      ::close(socket);
      return;
    }
    received += static_cast<std::size_t>(got);
    while (received >= size_) {
      received -= size_;
      ::send(socket, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    }
  }

  const std::size_t size_ = request_text().size();
  const std::string answer_ =
      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
      "Content-Type: application/fhir+json\r\nContent-Length: " +
      std::to_string(kAnswerBody.size()) + "\r\n\r\n" + kAnswerBody;
  std::uint16_t port_ = 0;
  const int listener_;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

int connected(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
  no_delay(socket);
  return socket;
}

struct Rate {
  double per_second = 0;
  double cpu_microseconds = 0;  // of each request, both sides together
};

double cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) +
         static_cast<double>(used.tv_nsec) * 1e-9;
}

// Of `kClients` clients, each with one request at a time.
Rate rate(std::uint16_t port) {
  const std::string request = request_text();
  const int epoll = ::epoll_create1(0);
  std::vector<int> sockets;
  for (int i = 0; i < kClients; ++i) {
    sockets.push_back(connected(port));
    watch(epoll, sockets.back());
    ::send(sockets.back(), request.data(), request.size(), MSG_NOSIGNAL);
  }
  std::array<epoll_event, 256> events{};
  std::array<char, 4096> buffer{};
  long long answers = 0;
  const double cpu_before = cpu_seconds();
  const auto begin = Clock::now();
  while (Clock::now() < begin + kRound) {
    const int count = ::epoll_wait(epoll, events.data(), 256, 50);
    for (int i = 0; i < count; ++i) {
      const int socket = events.at(static_cast<std::size_t>(i)).data.fd;
      if (::recv(socket, buffer.data(), buffer.size(), 0) <= 0) continue;
      ++answers;  // small enough to come in one piece
      ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
    }
  }
  const std::chrono::duration<double> took = Clock::now() - begin;
  const double cpu = cpu_seconds() - cpu_before;
  for (const int socket : sockets) ::close(socket);
  ::close(epoll);
  return {static_cast<double>(answers) / took.count(),
          cpu * 1e6 / static_cast<double>(answers)};
}

std::unique_ptr<HttpServer> edge(int workers) {
  HttpSettings settings;
  settings.workers = workers;
  auto server = HttpServer::listen(
      settings, [](const Request& /*request*/, const Responder& responder) {
        responder.send({.status = 200,
                        .headers = {{"Content-Type", "application/fhir+json"}},
                        .body = kAnswerBody});
      });
  if (!server) std::abort();
  return *std::move(server);
}

// By rate.
Rate median(std::vector<Rate> rates) {
  std::sort(rates.begin(), rates.end(), [](const Rate& a, const Rate& b) {
    return a.per_second < b.per_second;
  });
  return rates[rates.size() / 2];
}

void print(const char* name, const Rate& measured, const Rate& floor) {
  std::printf("%-22s %8.0f/s  ratio %.2f   %5.1f us CPU  ratio %.2f\n", name,
              measured.per_second, measured.per_second / floor.per_second,
              measured.cpu_microseconds,
              floor.cpu_microseconds / measured.cpu_microseconds);
}

}  // namespace

int main() {
  const BareEcho bare;
  const auto inline_edge = edge(0);
  const auto worker_edge = edge(1);
  std::vector<Rate> bare_rates;
  std::vector<Rate> inline_rates;
  std::vector<Rate> worker_rates;
  for (int round = 0; round < kRounds; ++round) {
    bare_rates.push_back(rate(bare.port()));
    inline_rates.push_back(rate(inline_edge->port()));
    worker_rates.push_back(rate(worker_edge->port()));
  }
  const Rate floor = median(bare_rates);
  std::printf("POST of %zu bytes, %d keep-alive clients, medians of %d\n",
              kBodyBytes, kClients, kRounds);
  print("bare epoll echo", floor, floor);
  print("edge, inline handler", median(inline_rates), floor);
  print("edge, one worker", median(worker_rates), floor);
  return 0;
}
