// TlsContext is what all TLS connections of one listener or one client share:
// certificate, key, trust, versions. It is built once from configuration, and
// copies are cheap. Only this folder knows OpenSSL.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

struct ssl_ctx_st;

namespace gateway::security {

enum class TlsVersion : std::uint8_t { v1_2, v1_3 };

// What a server asks of its clients (mutual TLS).
enum class ClientCertificate : std::uint8_t { ignored, optional, required };

// Whether a client insists on a certificate that its trust covers.
enum class ServerCertificate : std::uint8_t { verified, unverified };

struct TlsSettings {
  std::string certificate_file;  // PEM, own certificate first, then its chain
  std::string key_file;          // PEM, without a passphrase
  // PEM: whom to trust. A client without it trusts the system's authorities.
  std::string authority_file;
  ClientCertificate client_certificate = ClientCertificate::ignored;
  ServerCertificate server_certificate = ServerCertificate::verified;
  TlsVersion minimum = TlsVersion::v1_2;
  std::string ciphers;        // TLS 1.2, OpenSSL names; empty: ECDHE with AEAD
  std::string cipher_suites;  // TLS 1.3; empty: OpenSSL's own choice
};

class TlsContext {
 public:
  // Both refuse what cannot work: files that are missing, a key that does not
  // belong to its certificate, unknown ciphers.
  static Result<TlsContext> server(const TlsSettings& settings);
  static Result<TlsContext> client(const TlsSettings& settings);

  [[nodiscard]] ssl_ctx_st* native() const { return context_.get(); }

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context)
      : context_(std::move(context)) {}

  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace gateway::security
