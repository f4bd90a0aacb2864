// An MLLP server and short frames for tests.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "transport/mllp_client.h"
#include "transport/mllp_server.h"
#include "unit/transport/raw_socket.h"

namespace gateway::transport {

class MllpTestServer {
 public:
  explicit MllpTestServer(MllpHandler handler, MllpSettings settings = {}) {
    auto server = MllpServer::listen(settings, std::move(handler),
                                     [this](MllpRefusal refusal) {
                                       const std::lock_guard lock(mutex_);
                                       refusals_.push_back(std::move(refusal));
                                     });
    EXPECT_TRUE(server) << (server ? "" : server.error().message);
    if (server) server_ = *std::move(server);
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  MllpServer* operator->() { return server_.get(); }
  void destroy() { server_.reset(); }
  std::vector<MllpRefusal> refusals() {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }

  [[nodiscard]] MllpClientSettings client() const {
    MllpClientSettings settings;
    settings.target = {.host = "127.0.0.1", .port = port()};
    return settings;
  }

 private:
  std::mutex mutex_;
  std::vector<MllpRefusal> refusals_;
  std::unique_ptr<MllpServer> server_;
};

// Answers with "A:" and the content, and "R:" where there is a defect; what is
// followed by a message with what that is, too. A VT inside is shown as 0
// and an FS as 1, since answers are frames themselves.
inline void acknowledge(const MllpFrame& frame,
                        const MllpResponder& responder) {
  const bool good = frame.defect == MllpDefect::none;
  auto answer = (good ? "A:" : "R:") + frame.content;
  if (!frame.followed_by.empty()) answer += " before " + frame.followed_by;
  std::replace(answer.begin(), answer.end(), '\x0B', '0');
  std::replace(answer.begin(), answer.end(), '\x1C', '1');
  responder.send({std::move(answer)});
}

inline std::string mllp(const std::string& content) {
  return "\x0B" + content + "\x1C\r";
}

}  // namespace gateway::transport
