// Servers and short requests for tests of the edge.

#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "transport/http_server.h"
#include "unit/transport/raw_socket.h"

namespace gateway::transport {

// Listens on a free port and keeps what the edge refused.
class TestServer {
 public:
  explicit TestServer(Handler handler, HttpSettings settings = {}) {
    auto server = HttpServer::listen(settings, std::move(handler),
                                     [this](EdgeRefusal refusal) {
                                       const std::lock_guard lock(mutex_);
                                       refusals_.push_back(std::move(refusal));
                                     });
    EXPECT_TRUE(server) << (server ? "" : server.error().message);
    if (server) server_ = *std::move(server);
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  HttpServer& operator*() { return *server_; }
  HttpServer* operator->() { return server_.get(); }
  void destroy() { server_.reset(); }

  std::vector<EdgeRefusal> refusals() {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }

  // Sends bytes on a new connection, and gives back all that comes until the
  // server closes.
  [[nodiscard]] std::string exchange(std::string_view bytes) const {
    RawSocket socket(port());
    socket.send(bytes);
    return socket.receive_all();
  }

 private:
  std::mutex mutex_;
  std::vector<EdgeRefusal> refusals_;
  std::unique_ptr<HttpServer> server_;
};

// Answers with the request's body, and counts.
struct Echo {
  std::shared_ptr<std::atomic<int>> calls =
      std::make_shared<std::atomic<int>>(0);
  void operator()(const Request& request, const Responder& responder) const {
    ++*calls;
    responder.send({.status = 200, .body = request.path + ":" + request.body});
  }
};

inline std::string get_text(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

inline std::string post_text(const std::string& body,
                             const std::string& fields = "") {
  return "POST /p HTTP/1.1\r\nHost: a\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline const std::string kLast = "Connection: close\r\n";

}  // namespace gateway::transport
