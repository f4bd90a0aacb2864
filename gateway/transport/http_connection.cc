#include "transport/http_connection.h"

#include <sys/epoll.h>

#include <array>
#include <utility>

#include "transport/refusal.h"

namespace gateway::transport {
namespace {

constexpr std::size_t kReadSize = 16U << 10U;
// Then it is another connection's turn.
constexpr int kReadsPerRound = 8;
constexpr std::size_t kSmallBuffer = 4U << 10U;
constexpr std::chrono::seconds kBufferPatience{1};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

Instant wall_clock() {
  return std::chrono::time_point_cast<Instant::duration>(
      std::chrono::system_clock::now());
}

}  // namespace

void HttpConnection::open(std::shared_ptr<HttpService> service,
                          Arrival arrival) {
  Reactor& reactor = arrival.reactor;
  const int socket = arrival.wire.descriptor();
  auto connection =
      std::make_shared<HttpConnection>(std::move(service), std::move(arrival));
  HttpConnection& begun = *connection;
  begun.key_ = reactor.add(
      {.socket = socket,
       .interest = EPOLLIN,
       .ready = [connection](std::uint32_t e) { connection->ready(e); },
       .tick = [connection] { connection->tick(); }});
  begun.begin();
}

HttpConnection::HttpConnection(std::shared_ptr<HttpService> service,
                               Arrival arrival)
    : service_(std::move(service)),
      reactor_(arrival.reactor),
      seat_(std::move(arrival.seat)),
      wire_(std::move(arrival.wire)),
      peer_(std::move(arrival.peer)),
      parser_(service_->settings.limits) {}

HttpConnection::~HttpConnection() { release_bytes(); }

void HttpConnection::begin() {
  service_->counters.connections.fetch_add(1, std::memory_order_relaxed);
  const auto& deadlines = service_->settings.deadlines;
  if (seat_.beyond_limits()) {
    if (!wire_.has_tls()) return refuse({&edge::kTooManyConnections});
    report(0, reason({&edge::kTooManyConnections}));  // no key for an answer
    return close();
  }
  if (wire_.has_tls()) {
    enter(Phase::handshake, deadlines.handshake);
  } else {
    enter(Phase::idle, deadlines.head);
  }
}

void HttpConnection::enter(Phase phase, Milliseconds patience) {
  phase_ = phase;
  entered_ = reactor_.now();
  deadline_ = entered_ + patience;
}

bool HttpConnection::receiving() const {
  return phase_ == Phase::idle || phase_ == Phase::head ||
         phase_ == Phase::body;
}

void HttpConnection::want_for(IoState state) {
  reactor_.want(key_, state == IoState::want_write ? EPOLLOUT : EPOLLIN);
}

void HttpConnection::ready(std::uint32_t events) {
  switch (phase_) {
    case Phase::closed:
      return;
    case Phase::handshake:
      return shake_hands();
    case Phase::answering:
      // Reset: nobody is left to read the answer.
      if ((events & (EPOLLHUP | EPOLLERR)) != 0) close();
      return;
    case Phase::lingering:
      return drop_input();
    case Phase::writing:
      flush();
      break;
    case Phase::idle:
    case Phase::head:
    case Phase::body:
      if (!out_.empty()) flush();  // of 100 Continue
      break;
  }
  if (receiving()) receive();
}

void HttpConnection::shake_hands() {
  const auto result = wire_.handshake();
  if (result.state == IoState::want_read ||
      result.state == IoState::want_write) {
    return want_for(result.state);
  }
  if (result.state != IoState::done) {
    report(0, "edge/tls-handshake: the TLS handshake failed");
    return close();
  }
  tls_subject_ = wire_.tls_subject();
  enter(Phase::idle, service_->settings.deadlines.head);
  receive();
}

void HttpConnection::receive() {
  consume();
  for (int i = 0; i < kReadsPerRound && receiving(); ++i) {
    if (input_ended_) return end_of_input();
    if (!read_some()) return;
    consume();
  }
  if (!receiving()) return;
  if (input_ended_) return end_of_input();
  reactor_.want(key_, EPOLLIN);
  // What TLS has decrypted already, epoll cannot announce.
  if (!wire_.has_pending()) return;
  reactor_.postbox()->post([weak = weak_from_this()] {
    if (const auto self = weak.lock(); self && self->receiving()) {
      self->receive();
    }
  });
}

// False when there is nothing to consume.
bool HttpConnection::read_some() {
  std::array<char, kReadSize> buffer;  // NOLINT: filled by read
  const auto result = wire_.read(buffer.data(), buffer.size());
  switch (result.state) {
    case IoState::done:
      in_.append(buffer.data(), result.bytes);
      return true;
    case IoState::want_read:
    case IoState::want_write:
      want_for(result.state);
      return false;
    case IoState::ended:
      input_ended_ = true;
      return true;
    case IoState::failed:
      close();
      return false;
  }
  return false;
}

// Loops, because requests that were sent ahead raise no new event.
void HttpConnection::consume() {
  while (receiving() && offset_ < in_.size()) {
    if (phase_ == Phase::idle) {
      bytes_seen_ = 0;
      enter(Phase::head, service_->settings.deadlines.head);
    }
    const auto step = parser_.feed(std::string_view(in_).substr(offset_));
    offset_ += step.consumed;
    bytes_seen_ += step.consumed;
    if (step.progress == HttpParser::Progress::refused) {
      return refuse(parser_.refusal());
    }
    account_body();
    if (phase_ == Phase::head && !parser_.request().method.empty()) {
      received_at_ = wall_clock();
    }
    if (!receiving()) break;  // over the budget
    if (step.progress == HttpParser::Progress::head_complete) begin_body();
    if (step.progress == HttpParser::Progress::complete) dispatch();
    if (step.progress == HttpParser::Progress::need_more) break;
  }
  if (offset_ == in_.size()) {
    in_.clear();
    offset_ = 0;
  } else if (offset_ > kReadSize) {
    in_.erase(0, offset_);
    offset_ = 0;
  }
}

// Whom the handler would not serve need not send a body first.
bool HttpConnection::refused_by_head() {
  const auto& check = service_->settings.head_check;
  if (!check) return false;
  Request head = parser_.request();
  identify(head);
  const auto refused = check(head);
  if (!refused) return false;
  framing_ = {.after = AfterAnswer::close,
              .minor_version = parser_.minor_version()};
  if (head.method == "HEAD") framing_.body = BodyOf::head_answer;
  write_answer(*refused);
  return true;
}

void HttpConnection::begin_body() {
  if (refused_by_head()) return;
  enter(Phase::body, service_->settings.deadlines.body_grace);
  if (parser_.expects_continue() && offset_ == in_.size()) {
    out_.text() += kContinue;
    flush();
  }
}

void HttpConnection::account_body() {
  const std::size_t size = parser_.request().body.size();
  if (size <= held_bytes_) return;
  auto& in_flight = service_->counters.bytes_in_flight;
  const std::size_t more = size - held_bytes_;
  held_bytes_ = size;
  const std::size_t before = in_flight.fetch_add(more);
  if (before + more > service_->settings.most_bytes_in_flight) {
    refuse({&edge::kBusy, "too many bytes in flight"});
  }
}

void HttpConnection::release_bytes() {
  if (held_bytes_ == 0) return;
  service_->counters.bytes_in_flight.fetch_sub(held_bytes_);
  held_bytes_ = 0;
}

// A request that ends with the connection is not a request.
void HttpConnection::end_of_input() {
  if (phase_ == Phase::idle) return close();
  refuse({&edge::kTruncated});
}

void HttpConnection::tick() {
  if (receiving()) return tick_while_receiving();
  if (reactor_.now() <= deadline_) return;
  if (phase_ == Phase::handshake) {
    report(0, "edge/tls-handshake: the TLS handshake took too long");
  }
  if (phase_ == Phase::answering) return refuse({&edge::kNoAnswer});
  if (phase_ != Phase::closed) close();
}

void HttpConnection::tick_while_receiving() {
  const auto now = reactor_.now();
  if (phase_ == Phase::idle) {
    if (now > deadline_ || service_->draining) return close();
    if (now > entered_ + kBufferPatience) shrink_buffers();
    return;
  }
  if (now <= deadline_) return;
  if (phase_ == Phase::head) return refuse({&edge::kHeadTimeout});
  const auto late =
      std::chrono::duration_cast<std::chrono::seconds>(now - deadline_);
  const auto wanted = static_cast<std::uint64_t>(late.count()) *
                      service_->settings.deadlines.least_rate;
  if (parser_.request().body.size() < wanted) {
    refuse({&edge::kBodyTimeout});
  }
}

// Thousands of idle connections must not keep what their last request took.
void HttpConnection::shrink_buffers() {
  if (in_.capacity() > kSmallBuffer) std::string().swap(in_);
  if (out_.text().capacity() > kSmallBuffer) out_.shrink();
}

void HttpConnection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  release_bytes();
  reactor_.remove(key_);
}

}  // namespace gateway::transport
