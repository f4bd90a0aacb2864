// MllpClient sends HL7 v2 messages and reads what comes back, one thread at a
// time. Which answer belongs to which message (MSA-2) is its caller's to say.

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "transport/mllp.h"
#include "transport/tcp_client.h"

namespace gateway::transport {

struct MllpClientSettings {
  TcpTarget target;
  std::chrono::milliseconds connect_patience{5'000};
  std::chrono::milliseconds answer_patience{30'000};
  std::size_t most_answer_bytes = 1U << 20U;
};

class MllpClient {
 public:
  explicit MllpClient(MllpClientSettings settings)
      : settings_(std::move(settings)), decoder_(settings_.most_answer_bytes) {}

  // Connects first if there is no connection. After an error the connection is
  // gone, and nobody knows whether the message arrived.
  Status send(std::string_view message);
  // The next message from the peer.
  Result<std::string> receive();
  // Both: for senders that wait for one answer each.
  Result<std::string> exchange(std::string_view message);

  [[nodiscard]] bool connected() const { return connection_.has_value(); }
  void disconnect();

 private:
  Status ensure_connection();
  Result<std::string> failed(Error error);

  MllpClientSettings settings_;
  std::optional<TcpClient> connection_;
  MllpDecoder decoder_;
  std::string unread_;  // behind the last answer
};

}  // namespace gateway::transport
