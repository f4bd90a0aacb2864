// HTTP as values. A handler gets a Request and answers through a Responder, at
// once or later and from any thread, so that it can wait for a commit without
// holding a thread. Handlers are tested without a socket.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/date.h"

namespace gateway::transport {

// In the order received. Names of requests are in lower case.
using Headers = std::vector<std::pair<std::string, std::string>>;

// The first value of `name` (lower case), or empty.
std::string_view header(const Headers& headers, std::string_view name);

struct Request {
  std::string method;
  std::string path;   // percent-decoded, without the query
  std::string query;  // as received, without '?'
  Headers headers;
  std::string body;     // complete: a truncated body never reaches a handler
  std::string peer;     // address:port
  Instant received_at;  // when the head was complete
  // Of the client's verified certificate, as RFC 2253 writes it; empty
  // without mutual TLS.
  std::string tls_subject{};
};

struct Response {
  int status = 200;
  Headers headers{};  // Content-Length, Date and Connection are the server's
  std::string body{};
};

// Sends one response. The last copy that goes away without having sent
// answers 500. Safe from any thread; only the first send counts.
class Responder {
 public:
  using Send = std::function<void(Response)>;
  explicit Responder(Send send);
  void send(Response response) const;

 private:
  struct Once;
  std::shared_ptr<Once> once_;
};

using Handler = std::function<void(Request, Responder)>;

// What the edge refused before a handler ran, for the message log: never with
// a body.
struct EdgeRefusal {
  std::string peer;
  std::string head;  // request line's method and path only, may be partial
  std::size_t bytes_seen = 0;
  int status = 0;  // 0: closed without an answer
  std::string reason;
  Instant at;
};

}  // namespace gateway::transport
