// TcpServer listens on one address and spreads what arrives over its reactors.
// HTTP and MLLP build their connections on it.

#pragma once

#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "security/tls_context.h"
#include "transport/reactor.h"
#include "transport/seats.h"
#include "transport/wire.h"

namespace gateway::transport {

struct ListenSettings {
  std::string address = "127.0.0.1:0";  // host:port; port 0 picks a free one
  int reactors = 1;
  SeatLimits connections;
  std::optional<security::TlsContext> tls;
};

// A connection that was just accepted.
struct Arrival {
  Reactor& reactor;
  Seat seat;  // before the wire: it is given back after the socket is closed
  Wire wire;
  std::string peer;  // address:port
};

class TcpServer {
 public:
  // Called on the reactor's thread. It adds a watch, or drops the arrival.
  using Welcome = std::function<void(Arrival)>;

  static Result<std::unique_ptr<TcpServer>> listen(
      const ListenSettings& settings, Welcome welcome);
  ~TcpServer();  // cuts what is still open
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t open_connections() const { return seats_->taken(); }

  // For connections from now on; those that are open keep their own.
  void renew_tls(security::TlsContext context);

  // Accepts nobody any more, and lets each connection's next tick see it.
  void begin_drain();
  [[nodiscard]] bool draining() const { return draining_; }
  // Whether all connections left within `patience`.
  bool wait_until_empty(std::chrono::milliseconds patience);

  // Cuts what is open and ends the threads; nothing is called after it.
  void stop();

 private:
  TcpServer(const Poco::Net::ServerSocket& socket,
            const ListenSettings& settings, Welcome welcome);
  void add_reactor(std::unique_ptr<Reactor> reactor);
  void accept_waiting(Reactor& reactor);
  void welcome_one(Reactor& reactor, int descriptor, std::string peer);
  void shed_one();
  std::optional<security::TlsContext> tls();

  Poco::Net::ServerSocket socket_;
  const Welcome welcome_;
  const std::shared_ptr<Seats> seats_;
  std::mutex tls_mutex_;
  std::optional<security::TlsContext> tls_;
  std::atomic<bool> draining_ = false;
  std::mutex spare_mutex_;
  int spare_;
  std::vector<std::unique_ptr<Reactor>> reactors_;
  std::vector<std::thread> threads_;
};

}  // namespace gateway::transport
