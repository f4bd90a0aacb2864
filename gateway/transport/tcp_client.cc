#include "transport/tcp_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace gateway::transport {
namespace {

constexpr std::size_t kReadSize = 16U << 10U;

Error lost(std::string_view what) {
  return Error{ErrorCode::unavailable, std::string(what)};
}

Result<Poco::Net::StreamSocket> connected(const TcpTarget& target,
                                          std::chrono::milliseconds patience) {
  try {
    const Poco::Net::SocketAddress address(target.host, target.port);
    Poco::Net::StreamSocket socket;
    socket.connect(address, Poco::Timespan(patience.count() *
                                           Poco::Timespan::MILLISECONDS));
    socket.setNoDelay(true);
    socket.setBlocking(false);
    return socket;
  } catch (const Poco::Exception& e) {
    return lost("cannot connect to " + target.host + ":" +
                std::to_string(target.port) + ": " + e.displayText());
  }
}

}  // namespace

Result<TcpClient> TcpClient::connect(const TcpTarget& target,
                                     Milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  auto made = connected(target, patience);
  if (!made) return made.error();
  const Poco::Net::StreamSocket socket = *std::move(made);
  if (!target.tls) return TcpClient(Wire(socket));
  auto stream = security::TlsStream::connecting(
      *target.tls, socket.impl()->sockfd(), target.host);
  if (!stream) return stream.error();
  TcpClient client(Wire(socket, *std::move(stream)));
  while (true) {
    const auto result = client.wire_.handshake();
    if (result.state == IoState::done) return client;
    if (result.state == IoState::failed || result.state == IoState::ended) {
      return lost("TLS handshake with " + target.host +
                  " failed: " + client.wire_.tls_failure());
    }
    if (const auto ready = client.wait(result.state, deadline); !ready) {
      return ready.error();
    }
  }
}

Status TcpClient::wait(IoState state, Clock::time_point deadline) const {
  pollfd socket{};
  socket.fd = wire_.descriptor();
  socket.events = state == IoState::want_write ? POLLOUT : POLLIN;
  const auto left =
      std::chrono::ceil<Milliseconds>(deadline - Clock::now()).count();
  if (left <= 0 || ::poll(&socket, 1, static_cast<int>(left)) <= 0) {
    return lost("the peer did not answer in time");
  }
  return Done{};
}

Status TcpClient::write(std::string_view bytes, Clock::time_point deadline) {
  while (!bytes.empty()) {
    const auto result = wire_.write(bytes.data(), bytes.size());
    if (result.state == IoState::done) {
      bytes.remove_prefix(result.bytes);
      continue;
    }
    if (result.state == IoState::ended || result.state == IoState::failed) {
      return lost("the peer has closed the connection");
    }
    if (const auto ready = wait(result.state, deadline); !ready) return ready;
  }
  return Done{};
}

Result<std::string_view> TcpClient::read(Clock::time_point deadline) {
  buffer_.resize(kReadSize);
  while (true) {
    const auto result = wire_.read(buffer_.data(), buffer_.size());
    if (result.state == IoState::done) {
      return std::string_view(buffer_.data(), result.bytes);
    }
    if (result.state == IoState::ended) return std::string_view();
    if (result.state == IoState::failed) {
      return lost("the connection was reset");
    }
    if (const auto ready = wait(result.state, deadline); !ready) {
      return ready.error();
    }
  }
}

bool TcpClient::is_stale() const {
  pollfd socket{};
  socket.fd = wire_.descriptor();
  socket.events = POLLIN;
  // TLS may have a session ticket waiting, which is no reason to reconnect.
  if (::poll(&socket, 1, 0) == 0) return false;
  if (!wire_.has_tls()) return true;
  char byte = 0;
  return ::recv(wire_.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

}  // namespace gateway::transport
