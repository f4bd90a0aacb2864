#include "transport/wire.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace gateway::transport {
namespace {

IoResult outcome(ssize_t count, IoState when_blocked) {
  if (count > 0) return {IoState::done, static_cast<std::size_t>(count)};
  if (count == 0) return {IoState::ended};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
    return {when_blocked};
  }
  return {IoState::failed};
}

}  // namespace

int Wire::descriptor() const { return socket_.impl()->sockfd(); }

IoResult Wire::handshake() {
  return tls_ ? tls_->handshake() : IoResult{IoState::done};
}

IoResult Wire::read(char* buffer, std::size_t size) {
  if (tls_) return tls_->read(buffer, size);
  return outcome(::recv(descriptor(), buffer, size, 0), IoState::want_read);
}

IoResult Wire::write(const char* bytes, std::size_t size) {
  if (tls_) return tls_->write(bytes, size);
  return outcome(::send(descriptor(), bytes, size, MSG_NOSIGNAL),
                 IoState::want_write);
}

void Wire::end_sending() {
  if (tls_) tls_->close_notify();
  ::shutdown(descriptor(), SHUT_WR);
}

IoResult Wire::discard(std::size_t at_most) {
  std::array<char, 16384> buffer{};
  return outcome(
      ::recv(descriptor(), buffer.data(), std::min(buffer.size(), at_most), 0),
      IoState::want_read);
}

}  // namespace gateway::transport
