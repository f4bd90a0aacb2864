// Wire is one TCP connection, plain or with TLS, behind one set of calls that
// never wait.

#pragma once

#include <Poco/Net/StreamSocket.h>

#include <optional>
#include <string>

#include "security/tls_stream.h"

namespace gateway::transport {

using security::IoResult;
using security::IoState;

class Wire {
 public:
  // REQUIRES: the socket does not block.
  explicit Wire(const Poco::Net::StreamSocket& socket) : socket_(socket) {}
  Wire(const Poco::Net::StreamSocket& socket, security::TlsStream tls)
      : socket_(socket), tls_(std::move(tls)) {}

  IoResult handshake();  // done at once without TLS
  IoResult read(char* buffer, std::size_t size);
  IoResult write(const char* bytes, std::size_t size);
  // Says that nothing more will be sent; reading goes on.
  void end_sending();
  // Takes in and drops what the peer still sends, as it is on the socket.
  IoResult discard(std::size_t at_most);

  [[nodiscard]] bool has_tls() const { return tls_.has_value(); }
  [[nodiscard]] bool has_pending() const { return tls_ && tls_->has_pending(); }
  [[nodiscard]] std::string tls_subject() const {
    return tls_ ? tls_->peer_subject() : std::string();
  }
  [[nodiscard]] std::string tls_failure() const {
    return tls_ ? tls_->failure() : std::string();
  }
  [[nodiscard]] int descriptor() const;

 private:
  Poco::Net::StreamSocket socket_;
  std::optional<security::TlsStream> tls_;
};

}  // namespace gateway::transport
