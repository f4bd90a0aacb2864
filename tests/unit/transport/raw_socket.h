// RawSocket sends any bytes to a port of this machine, for tests of servers.

#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::transport {

class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address),
                           sizeof address) == 0;
  }
  RawSocket(RawSocket&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        connected_(other.connected_) {}
  RawSocket& operator=(RawSocket&&) = delete;
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;
  ~RawSocket() { close(); }

  [[nodiscard]] bool connected() const { return connected_; }

  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent =
          ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void end_sending() const { ::shutdown(socket_, SHUT_WR); }

  // What comes until the peer closes, or until `patience` passes in silence.
  [[nodiscard]] std::string receive_all(
      std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    std::string all;
    while (receive_some(all, patience)) {
    }
    return all;
  }
  // What comes until `mark` has come `times` times.
  std::string receive_until(std::string_view mark, int times = 1) {
    std::string all;
    while (count(all, mark) < times &&
           receive_some(all, std::chrono::seconds(10))) {
    }
    return all;
  }
  // Whether the last receive ended because the peer closed.
  [[nodiscard]] bool closed_by_peer() const { return closed_by_peer_; }

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  static int count(std::string_view text, std::string_view part) {
    int times = 0;
    for (auto at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + part.size())) {
      ++times;
    }
    return times;
  }

 private:
  bool receive_some(std::string& all, std::chrono::milliseconds patience) {
    pollfd waiting{};
    waiting.fd = socket_;
    waiting.events = POLLIN;
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) {
      return false;
    }
    char buffer[16384];
    const auto got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) {
      closed_by_peer_ = true;
      return false;
    }
    all.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  bool connected_ = false;
  bool closed_by_peer_ = false;
};

}  // namespace gateway::transport
