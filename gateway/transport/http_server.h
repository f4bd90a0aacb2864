// HttpServer is the strict HTTP/1.1 edge: it calls a Handler with complete and
// unambiguous requests only, and sends one answer for each, in their order.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "transport/http.h"
#include "transport/http_parser.h"
#include "transport/tcp_server.h"
#include "transport/workers.h"

namespace gateway::transport {

struct HttpDeadlines {
  using Milliseconds = std::chrono::milliseconds;
  Milliseconds handshake{5'000};  // of TLS
  Milliseconds head{10'000};      // from its first byte to its last
  Milliseconds idle{15'000};      // between requests
  // Bodies and answers: after the grace, at least this many bytes a second.
  Milliseconds body_grace{10'000};
  Milliseconds answer_grace{20'000};
  std::uint64_t least_rate = 1024;
  Milliseconds handler{120'000};  // until it has answered
  // How long a refused sender may go on before the connection is cut; a reset
  // that comes too early would destroy the answer on its way.
  Milliseconds linger{1'000};
};

// Judges a request by its head, before its body is read: an answer refuses it,
// and ends the connection. It sees requests whose body has not come yet; all
// others go to the handler at once.
using HeadCheck = std::function<std::optional<Response>(const Request& head)>;

struct HttpSettings {
  ListenSettings listen;
  HttpLimits limits;
  HttpDeadlines deadlines;
  // 0: the handler runs on the reactor's thread, and must be quick.
  int workers = 0;
  std::size_t most_waiting = 1'024;  // requests before the workers
  // Of all bodies that are being received or not yet answered.
  std::size_t most_bytes_in_flight = 256U << 20U;
  std::string canonical_base = "https://workgate.example/fhir";
  HeadCheck head_check;
};

// Since the start.
struct HttpCounters {
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<std::uint64_t> requests = 0;  // handed to the handler
  std::atomic<std::uint64_t> refusals = 0;
  std::atomic<std::uint64_t> bytes_in_flight = 0;  // now
};

class HttpServer {
 public:
  using OnRefusal = std::function<void(EdgeRefusal)>;

  // The handler is called from the reactors' or the workers' threads, several
  // at once if there are several; `on_refusal` from the reactors'.
  static Result<std::unique_ptr<HttpServer>> listen(
      const HttpSettings& settings, Handler handler, OnRefusal on_refusal = {});
  ~HttpServer();  // cuts what is open; drain() first to be polite
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t open_connections() const;
  [[nodiscard]] const HttpCounters& counters() const;
  void renew_tls(security::TlsContext context);

  // Stops accepting, closes idle connections, ends the requests in flight.
  // False if some were left after `patience`.
  bool drain(std::chrono::milliseconds patience);

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace gateway::transport
