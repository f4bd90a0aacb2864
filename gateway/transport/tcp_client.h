// TcpClient is the calling side of a connection, plain or with TLS. It waits,
// but never longer than it is told.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "security/tls_context.h"
#include "transport/wire.h"

namespace gateway::transport {

struct TcpTarget {
  std::string host;
  std::uint16_t port = 0;
  std::optional<security::TlsContext> tls{};
};

class TcpClient {
 public:
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::milliseconds;

  // Includes the TLS handshake.
  static Result<TcpClient> connect(const TcpTarget& target,
                                   Milliseconds patience);

  Status write(std::string_view bytes, Clock::time_point deadline);
  // At least one byte, or none at the end of the stream.
  Result<std::string_view> read(Clock::time_point deadline);

  // Whether the peer has ended the connection, or sent what nobody asked for:
  // then it cannot be used again.
  [[nodiscard]] bool is_stale() const;
  [[nodiscard]] int descriptor() const { return wire_.descriptor(); }

 private:
  explicit TcpClient(Wire wire) : wire_(std::move(wire)) {}
  Status wait(IoState state, Clock::time_point deadline) const;

  Wire wire_;
  std::string buffer_;
};

}  // namespace gateway::transport
