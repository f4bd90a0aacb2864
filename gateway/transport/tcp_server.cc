#include "transport/tcp_server.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace gateway::transport {
namespace {

constexpr int kBacklog = 4096;
constexpr int kAcceptsPerRound = 64;

int open_spare() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

// Each connection is a descriptor, and the usual soft limit of 1,024 would be
// the first thing that an attack reaches.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// Without the port.
std::string address_of(const std::string& peer) {
  return peer.substr(0, peer.rfind(':'));
}

std::string peer_text(const sockaddr_storage& address, socklen_t size) {
  try {
    return Poco::Net::SocketAddress(reinterpret_cast<const sockaddr*>(&address),
                                    size)
        .toString();
  } catch (const Poco::Exception&) {
    return "unknown:0";
  }
}

}  // namespace

Result<std::unique_ptr<TcpServer>> TcpServer::listen(
    const ListenSettings& settings, Welcome welcome) {
  allow_many_descriptors();
  Poco::Net::ServerSocket socket;
  try {
    // Not POCO's usual bind, which would share the port with a second process.
    const Poco::Net::SocketAddress address(settings.address);
    socket.bind(address, true, false);
    socket.listen(kBacklog);
    socket.setBlocking(false);
  } catch (const Poco::Exception& e) {
    return Error{
        ErrorCode::unavailable,
        "cannot listen on " + settings.address + ": " + e.displayText()};
  }
  std::unique_ptr<TcpServer> server(
      new TcpServer(socket, settings, std::move(welcome)));
  for (int i = 0; i < std::max(settings.reactors, 1); ++i) {
    auto reactor = Reactor::make();
    if (!reactor) return reactor.error();
    server->add_reactor(*std::move(reactor));
  }
  return server;
}

TcpServer::TcpServer(const Poco::Net::ServerSocket& socket,
                     const ListenSettings& settings, Welcome welcome)
    : socket_(socket),
      welcome_(std::move(welcome)),
      seats_(std::make_shared<Seats>(settings.connections)),
      tls_(settings.tls),
      spare_(open_spare()) {}

TcpServer::~TcpServer() {
  stop();
  if (spare_ >= 0) ::close(spare_);
}

void TcpServer::add_reactor(std::unique_ptr<Reactor> reactor) {
  Reactor* const raw = reactor.get();
  raw->add({.socket = socket_.impl()->sockfd(),
            .interest = EPOLLIN | EPOLLEXCLUSIVE,
            .ready = [this, raw](std::uint32_t) { accept_waiting(*raw); },
            .tick = {}});
  reactors_.push_back(std::move(reactor));
  threads_.emplace_back([raw] { raw->run(); });
}

std::uint16_t TcpServer::port() const { return socket_.address().port(); }

void TcpServer::renew_tls(security::TlsContext context) {
  const std::lock_guard lock(tls_mutex_);
  tls_ = std::move(context);
}

std::optional<security::TlsContext> TcpServer::tls() {
  const std::lock_guard lock(tls_mutex_);
  return tls_;
}

void TcpServer::begin_drain() {
  if (draining_.exchange(true)) return;
  // Ends the listening itself, also for connections in the backlog.
  ::shutdown(socket_.impl()->sockfd(), SHUT_RDWR);
  for (const auto& reactor : reactors_) reactor->tick_soon();
}

bool TcpServer::wait_until_empty(std::chrono::milliseconds patience) {
  return seats_->wait_until_empty(patience);
}

void TcpServer::stop() {
  draining_ = true;
  for (const auto& reactor : reactors_) reactor->stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  reactors_.clear();
}

void TcpServer::accept_waiting(Reactor& reactor) {
  for (int i = 0; i < kAcceptsPerRound && !draining_; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int descriptor = ::accept4(socket_.impl()->sockfd(),
                                     reinterpret_cast<sockaddr*>(&address),
                                     &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      welcome_one(reactor, descriptor, peer_text(address, size));
    } else if (errno == EMFILE || errno == ENFILE) {
      return shed_one();
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

// Out of descriptors: the waiting connection would be announced for ever. The
// spare one lets it be taken and closed.
void TcpServer::shed_one() {
  const std::lock_guard lock(spare_mutex_);
  if (spare_ >= 0) ::close(spare_);
  const int taken = ::accept(socket_.impl()->sockfd(), nullptr, nullptr);
  if (taken >= 0) ::close(taken);
  spare_ = open_spare();
}

void TcpServer::welcome_one(Reactor& reactor, int descriptor,
                            std::string peer) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  // POCO counts the references and closes the descriptor.
  const Poco::Net::StreamSocket socket(
      new Poco::Net::StreamSocketImpl(descriptor));
  Seat seat = seats_->take(address_of(peer));
  const auto context = tls();
  if (!context) {
    return welcome_({reactor, std::move(seat), Wire(socket), std::move(peer)});
  }
  auto stream = security::TlsStream::accepting(*context, descriptor);
  if (!stream) return;  // no memory
  welcome_({reactor, std::move(seat), Wire(socket, *std::move(stream)),
            std::move(peer)});
}

}  // namespace gateway::transport
