// HttpClient asks an HTTP/1.1 server, one request at a time over a connection
// that it keeps. For tours, load and tests; one thread uses one client.

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "transport/http.h"
#include "transport/tcp_client.h"

namespace gateway::transport {

struct HttpClientSettings {
  TcpTarget target;
  std::chrono::milliseconds connect_patience{5'000};
  std::chrono::milliseconds answer_patience{30'000};
  std::size_t most_body = 64U << 20U;
};

struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";  // path and query, already escaped
  Headers headers{};         // without Host and Content-Length
  std::string body{};
};

class HttpClient {
 public:
  explicit HttpClient(HttpClientSettings settings)
      : settings_(std::move(settings)) {}

  // Header names of the answer are in lower case. After an error nobody knows
  // whether the request was carried out; it is never sent twice.
  Result<Response> send(const ClientRequest& request);

  void disconnect() { connection_.reset(); }

 private:
  Status ensure_connection();
  Result<Response> read_answer(const std::string& method);

  HttpClientSettings settings_;
  std::optional<TcpClient> connection_;
};

}  // namespace gateway::transport
