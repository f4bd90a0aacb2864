// TlsStream speaks TLS over a socket that somebody else owns and polls. No
// call waits: each says what it did, or what the socket must be ready for.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "security/tls_context.h"

struct ssl_st;

namespace gateway::security {

enum class IoState : std::uint8_t {
  done,
  want_read,   // call again when the socket is readable
  want_write,  // call again when it is writable
  ended,       // the peer will send nothing more
  failed,      // broken; close it
};

struct IoResult {
  IoState state;
  std::size_t bytes = 0;  // of a read or write that is done
};

// Used by one thread at a time.
class TlsStream {
 public:
  static Result<TlsStream> accepting(const TlsContext& context, int socket);
  // Insists that the certificate names `server_name`, if the context verifies.
  static Result<TlsStream> connecting(const TlsContext& context, int socket,
                                      const std::string& server_name);

  IoResult handshake();
  IoResult read(char* buffer, std::size_t size);
  IoResult write(const char* bytes, std::size_t size);
  // Tells the peer that nothing more comes, as far as the socket takes it now.
  void close_notify();

  // Decrypted bytes wait here that the socket will not announce.
  [[nodiscard]] bool has_pending() const;
  // The verified certificate's subject as RFC 2253 writes it; or empty.
  [[nodiscard]] std::string peer_subject() const;
  // Why the last call failed, in OpenSSL's words.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  explicit TlsStream(std::shared_ptr<ssl_st> ssl) : ssl_(std::move(ssl)) {}
  IoResult outcome(int code);

  std::shared_ptr<ssl_st> ssl_;
  std::string failure_;
};

}  // namespace gateway::security
