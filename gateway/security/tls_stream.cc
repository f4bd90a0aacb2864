#include "security/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <climits>

namespace gateway::security {
namespace {

std::shared_ptr<SSL> make(const TlsContext& context, int socket) {
  ERR_clear_error();
  std::shared_ptr<SSL> ssl(SSL_new(context.native()), SSL_free);
  if (ssl && SSL_set_fd(ssl.get(), socket) != 1) ssl.reset();
  return ssl;
}

Error no_stream() {
  ERR_clear_error();
  return Error{ErrorCode::fault, "TLS: cannot make a stream"};
}

int capped(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

}  // namespace

Result<TlsStream> TlsStream::accepting(const TlsContext& context, int socket) {
  auto ssl = make(context, socket);
  if (!ssl) return no_stream();
  SSL_set_accept_state(ssl.get());
  return TlsStream(std::move(ssl));
}

Result<TlsStream> TlsStream::connecting(const TlsContext& context, int socket,
                                        const std::string& server_name) {
  auto ssl = make(context, socket);
  if (!ssl || SSL_set1_host(ssl.get(), server_name.c_str()) != 1) {
    return no_stream();
  }
  // RFC 6066 has no numeric addresses in the server name.
  if (server_name.find_first_not_of("0123456789.:") != std::string::npos) {
    std::string name = server_name;  // OpenSSL's macro casts in C's way
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             name.data());
  }
  SSL_set_connect_state(ssl.get());
  return TlsStream(std::move(ssl));
}

// One thread serves many streams, and OpenSSL's error queue is the thread's:
// each call starts with an empty one, else it would read another's error.
IoResult TlsStream::handshake() {
  ERR_clear_error();
  return outcome(SSL_do_handshake(ssl_.get()));
}

IoResult TlsStream::read(char* buffer, std::size_t size) {
  ERR_clear_error();
  return outcome(SSL_read(ssl_.get(), buffer, capped(size)));
}

IoResult TlsStream::write(const char* bytes, std::size_t size) {
  ERR_clear_error();
  return outcome(SSL_write(ssl_.get(), bytes, capped(size)));
}

void TlsStream::close_notify() {
  ERR_clear_error();
  if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

IoResult TlsStream::outcome(int code) {
  if (code > 0) return {IoState::done, static_cast<std::size_t>(code)};
  switch (SSL_get_error(ssl_.get(), code)) {
    case SSL_ERROR_WANT_READ:
      return {IoState::want_read};
    case SSL_ERROR_WANT_WRITE:
      return {IoState::want_write};
    case SSL_ERROR_ZERO_RETURN:
      return {IoState::ended};
    default:
      break;
  }
  const unsigned long error = ERR_peek_error();
  // A peer that closes without saying so: what it sent is framed by length,
  // so that a cut shows there.
  if (ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return {IoState::ended};
  }
  const char* reason = ERR_reason_error_string(error);
  failure_ = reason != nullptr ? reason : "connection lost";
  return {IoState::failed};
}

bool TlsStream::has_pending() const { return SSL_pending(ssl_.get()) > 0; }

std::string TlsStream::peer_subject() const {
  X509* certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr ||
      SSL_get_verify_result(ssl_.get()) != X509_V_OK) {
    return {};
  }
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()),
                                                      BIO_free);
  if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate),
                                 0, XN_FLAG_RFC2253) < 0) {
    return {};
  }
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace gateway::security
