// The second half of HttpConnection: from a complete request to the last byte
// of its answer.

#include <sys/epoll.h>

#include <exception>
#include <utility>

#include "transport/http_connection.h"
#include "transport/refusal.h"

namespace gateway::transport {
namespace {

constexpr std::size_t kMostLingered = 4U << 20U;

}  // namespace

void HttpConnection::dispatch() {
  const auto& settings = service_->settings;
  framing_.after =
      parser_.keep_alive() ? AfterAnswer::keep_open : AfterAnswer::close;
  framing_.minor_version = parser_.minor_version();
  Request request = parser_.take_request();
  framing_.body =
      request.method == "HEAD" ? BodyOf::head_answer : BodyOf::answer;
  identify(request);
  parser_.reset();
  ++sequence_;
  enter(Phase::answering, settings.deadlines.handler);
  service_->counters.requests.fetch_add(1, std::memory_order_relaxed);

  in_handler_ = true;
  run_handler(std::move(request));
  in_handler_ = false;
  if (early_) {
    const Response response = *std::exchange(early_, std::nullopt);
    return write_answer(response);
  }
  reactor_.want(key_, 0);  // the next request waits in the network
}

void HttpConnection::identify(Request& request) const {
  request.peer = peer_;
  request.received_at = received_at_;
  request.tls_subject = tls_subject_;
}

void HttpConnection::run_handler(Request request) {
  const Responder answer_with = responder();
  if (!service_->workers) {
    try {
      service_->handler(std::move(request), answer_with);
    } catch (const std::exception&) {
      // A defect of the handler costs one request, not the process.
      answer_with.send(Response{.status = 500});
    }
    return;
  }
  const std::string head = request.method + " " + request.path;
  const bool accepted = service_->workers->try_submit(
      [service = service_, request = std::move(request),
       answer_with]() mutable {
        try {
          service->handler(std::move(request), answer_with);
        } catch (const std::exception&) {
          answer_with.send(Response{.status = 500});
        }
      });
  if (accepted) return;
  const Refusal busy{&edge::kBusy, "a full queue"};
  report(edge::kBusy.status, reason(busy));
  answer_with.send(refusal_response(busy, service_->settings.canonical_base));
}

Responder HttpConnection::responder() {
  return Responder([weak = weak_from_this(), box = reactor_.postbox(),
                    sequence = sequence_](Response response) {
    if (box->is_own_thread()) {
      const auto self = weak.lock();
      if (!self || self->take_early(sequence, response)) return;
    }
    box->post([weak, sequence, response = std::move(response)] {
      if (const auto self = weak.lock()) self->answer(sequence, response);
    });
  });
}

bool HttpConnection::take_early(std::uint64_t sequence, Response& response) {
  if (!in_handler_ || sequence != sequence_) return false;
  early_ = std::move(response);
  return true;
}

void HttpConnection::answer(std::uint64_t sequence, const Response& response) {
  if (phase_ != Phase::answering || sequence != sequence_) return;
  write_answer(response);
  if (receiving()) receive();
}

void HttpConnection::report(int status, std::string why) {
  service_->counters.refusals.fetch_add(1, std::memory_order_relaxed);
  if (!service_->on_refusal) return;
  EdgeRefusal refusal;
  refusal.peer = peer_;
  const Request& request = parser_.request();
  refusal.head = request.method.empty()
                     ? loggable_head(std::string_view(in_).substr(offset_))
                     : loggable_head(request.method + " " + request.path);
  refusal.bytes_seen = bytes_seen_ + in_.size() - offset_;
  refusal.status = status;
  refusal.reason = std::move(why);
  refusal.at = std::chrono::time_point_cast<Instant::duration>(
      std::chrono::system_clock::now());
  service_->on_refusal(std::move(refusal));
}

void HttpConnection::refuse(const Refusal& refusal) {
  if (phase_ == Phase::writing || phase_ == Phase::closed) return;
  report(refusal.rule->status, reason(refusal));
  const bool was_dispatched = phase_ == Phase::answering;
  const bool is_head = was_dispatched ? framing_.body == BodyOf::head_answer
                                      : parser_.request().method == "HEAD";
  framing_ = {.after = AfterAnswer::close};
  if (is_head) framing_.body = BodyOf::head_answer;
  ++sequence_;  // no handler can answer it any more
  write_answer(refusal_response(refusal, service_->settings.canonical_base));
}

void HttpConnection::write_answer(const Response& response) {
  release_bytes();
  if (service_->draining) framing_.after = AfterAnswer::close;
  const auto date = date_.at(std::chrono::system_clock::now());
  if (response.status == 500 && response.body.empty()) {
    append_response(
        out_.text(),
        refusal_response({&edge::kNoAnswer}, service_->settings.canonical_base),
        framing_, date);
  } else {
    append_response(out_.text(), response, framing_, date);
  }
  const auto& deadlines = service_->settings.deadlines;
  const auto at_least_rate =
      std::chrono::seconds(out_.size() / deadlines.least_rate);
  enter(Phase::writing, deadlines.answer_grace + at_least_rate);
  flush();
}

void HttpConnection::flush() {
  const IoState state = out_.flush(wire_);
  if (state == IoState::want_read || state == IoState::want_write) {
    return want_for(state);
  }
  if (state != IoState::done) return close();
  if (phase_ == Phase::writing) answered();
}

void HttpConnection::answered() {
  if (framing_.after == AfterAnswer::close) return linger();
  enter(Phase::idle, service_->settings.deadlines.idle);
  reactor_.want(key_, EPOLLIN);
}

// Closing with unread bytes makes the kernel send a reset, and that can destroy
// the answer before the peer has read it (RFC 9112, 9.6).
void HttpConnection::linger() {
  wire_.end_sending();
  if (input_ended_) return close();
  in_.clear();
  offset_ = 0;
  enter(Phase::lingering, service_->settings.deadlines.linger);
  reactor_.want(key_, EPOLLIN);
}

void HttpConnection::drop_input() {
  while (lingered_bytes_ < kMostLingered) {
    const auto result = wire_.discard(kMostLingered - lingered_bytes_);
    if (result.state == IoState::want_read) return;
    if (result.state != IoState::done) return close();
    lingered_bytes_ += result.bytes;
  }
  close();
}

}  // namespace gateway::transport
