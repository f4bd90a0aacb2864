#include "security/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <csignal>
#include <string_view>

namespace gateway::security {
namespace {

using Context = std::shared_ptr<SSL_CTX>;

// Forward secrecy and authenticated encryption only.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

Error refused(std::string_view what, const std::string& detail) {
  std::string text = "TLS: " + std::string(what);
  if (!detail.empty()) text += " " + detail;
  if (const unsigned long code = ERR_peek_error(); code != 0) {
    if (const char* reason = ERR_reason_error_string(code)) {
      text += ": " + std::string(reason);
    }
  }
  ERR_clear_error();
  return Error{ErrorCode::invalid, std::move(text)};
}

// A key with a passphrase would make OpenSSL ask on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/,
                  void* /*user*/) {
  return 0;
}

void set_habits(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

Status set_protocol(SSL_CTX* context, const TlsSettings& settings) {
  const int minimum =
      settings.minimum == TlsVersion::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
  if (SSL_CTX_set_min_proto_version(context, minimum) != 1) {
    return refused("cannot set the least version", "");
  }
  const std::string& ciphers = settings.ciphers;
  if (SSL_CTX_set_cipher_list(
          context, ciphers.empty() ? kCiphers : ciphers.c_str()) != 1) {
    return refused("no usable cipher in", ciphers);
  }
  if (!settings.cipher_suites.empty() &&
      SSL_CTX_set_ciphersuites(context, settings.cipher_suites.c_str()) != 1) {
    return refused("no usable cipher suite in", settings.cipher_suites);
  }
  return Done{};
}

Status load_identity(SSL_CTX* context, const TlsSettings& settings) {
  if (SSL_CTX_use_certificate_chain_file(
          context, settings.certificate_file.c_str()) != 1) {
    return refused("cannot use the certificate file",
                   settings.certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context, settings.key_file.c_str(),
                                  SSL_FILETYPE_PEM) != 1) {
    return refused("cannot use the key file", settings.key_file);
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return refused("key and certificate do not belong together:",
                   settings.key_file);
  }
  return Done{};
}

Status load_authorities(SSL_CTX* context, const TlsSettings& settings) {
  const std::string& file = settings.authority_file;
  if (file.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) != 1) {
      return refused("cannot load the system's authorities", "");
    }
    return Done{};
  }
  if (SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) != 1) {
    return refused("cannot use the authority file", file);
  }
  return Done{};
}

Status ask_for_client_certificates(SSL_CTX* context,
                                   const TlsSettings& settings) {
  if (settings.client_certificate == ClientCertificate::ignored) return Done{};
  if (settings.authority_file.empty()) {
    return refused("client certificates need an authority file", "");
  }
  if (const auto loaded = load_authorities(context, settings); !loaded) {
    return loaded.error();
  }
  SSL_CTX_set_client_CA_list(
      context, SSL_load_client_CA_file(settings.authority_file.c_str()));
  int mode = SSL_VERIFY_PEER;
  if (settings.client_certificate == ClientCertificate::required) {
    mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  SSL_CTX_set_verify(context, mode, nullptr);
  return Done{};
}

Result<Context> make(const SSL_METHOD* method, const TlsSettings& settings) {
  ERR_clear_error();
  // OpenSSL writes with write(2), which would raise the signal when a peer has
  // gone; the error code says the same.
  std::signal(SIGPIPE, SIG_IGN);
  Context context(SSL_CTX_new(method), SSL_CTX_free);
  if (!context) return refused("cannot make a context", "");
  set_habits(context.get());
  if (const auto set = set_protocol(context.get(), settings); !set) {
    return set.error();
  }
  return context;
}

}  // namespace

Result<TlsContext> TlsContext::server(const TlsSettings& settings) {
  auto made = make(TLS_server_method(), settings);
  if (!made) return made.error();
  Context context = *std::move(made);
  if (const auto loaded = load_identity(context.get(), settings); !loaded) {
    return loaded.error();
  }
  if (const auto asked = ask_for_client_certificates(context.get(), settings);
      !asked) {
    return asked.error();
  }
  // Without it a resumed session with a client certificate is refused.
  static constexpr unsigned char kSessions[] = "workgate";
  SSL_CTX_set_session_id_context(context.get(), kSessions,
                                 sizeof kSessions - 1);
  return TlsContext(std::move(context));
}

Result<TlsContext> TlsContext::client(const TlsSettings& settings) {
  auto made = make(TLS_client_method(), settings);
  if (!made) return made.error();
  Context context = *std::move(made);
  if (!settings.certificate_file.empty()) {
    if (const auto loaded = load_identity(context.get(), settings); !loaded) {
      return loaded.error();
    }
  }
  if (settings.server_certificate == ServerCertificate::verified) {
    if (const auto loaded = load_authorities(context.get(), settings);
        !loaded) {
      return loaded.error();
    }
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  }
  return TlsContext(std::move(context));
}

}  // namespace gateway::security
