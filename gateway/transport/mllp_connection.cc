#include "transport/mllp_connection.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace gateway::transport {
namespace {

constexpr std::size_t kReadSize = 16U << 10U;
// Then it is another connection's turn: a flood gets no more than its share.
constexpr int kReadsPerRound = 4;
constexpr std::size_t kFramesPerRound = 4;
constexpr std::size_t kMostLingered = 1U << 20U;
constexpr std::size_t kMostKept = 64U << 10U;  // of what is no frame
constexpr char kVt = '\x0B';
constexpr char kFs = '\x1C';

Instant wall_clock() {
  return std::chrono::time_point_cast<Instant::duration>(
      std::chrono::system_clock::now());
}

bool begins_message(std::string_view content) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (content.starts_with(kByteOrderMark)) {
    content.remove_prefix(kByteOrderMark.size());
  }
  content.remove_prefix(
      std::min(content.find_first_not_of(" \t\r\n"), content.size()));
  return content.starts_with("MSH");
}

}  // namespace

SenderBytes::Count SenderBytes::of(const std::string& sender) {
  const std::lock_guard lock(mutex_);
  std::erase_if(counts_, [](const auto& one) { return one.second.expired(); });
  auto& known = counts_[sender];
  auto count = known.lock();
  if (!count) {
    count = std::make_shared<std::atomic<std::size_t>>(0);
    known = count;
  }
  return count;
}

void MllpConnection::open(std::shared_ptr<MllpService> service,
                          Arrival arrival) {
  Reactor& reactor = arrival.reactor;
  const int socket = arrival.wire.descriptor();
  auto connection =
      std::make_shared<MllpConnection>(std::move(service), std::move(arrival));
  MllpConnection& begun = *connection;
  begun.key_ = reactor.add(
      {.socket = socket,
       .interest = EPOLLIN,
       .ready = [connection](std::uint32_t e) { connection->ready(e); },
       .tick = [connection] { connection->tick(); }});
  begun.begin();
}

MllpConnection::MllpConnection(std::shared_ptr<MllpService> service,
                               Arrival arrival)
    : service_(std::move(service)),
      reactor_(arrival.reactor),
      seat_(std::move(arrival.seat)),
      wire_(std::move(arrival.wire)),
      peer_(std::move(arrival.peer)),
      last_frame_(reactor_.now()),
      decoder_(service_->settings.most_frame_bytes),
      sender_bytes_(service_->senders.of(peer_.substr(0, peer_.rfind(':')))) {}

MllpConnection::~MllpConnection() {
  service_->counters.bytes_in_flight.fetch_sub(counted_bytes_);
  sender_bytes_->fetch_sub(counted_bytes_);
}

void MllpConnection::begin() {
  ++service_->counters.connections;
  if (seat_.beyond_limits()) {
    return refuse("mllp/too-many-connections: use fewer connections");
  }
  if (!wire_.has_tls()) return;
  phase_ = Phase::handshake;
  deadline_ = reactor_.now() + service_->settings.deadlines.handshake;
}

void MllpConnection::ready(std::uint32_t events) {
  if (phase_ == Phase::handshake) return shake_hands();
  if (phase_ == Phase::lingering) return drop_input();
  if (phase_ == Phase::closed) return;
  if ((events & EPOLLERR) != 0) return close();
  receive();
}

void MllpConnection::shake_hands() {
  const auto result = wire_.handshake();
  if (result.state == IoState::want_read ||
      result.state == IoState::want_write) {
    return reactor_.want(
        key_, result.state == IoState::want_read ? EPOLLIN : EPOLLOUT);
  }
  if (result.state != IoState::done) {
    return refuse("mllp/tls-handshake: the TLS handshake failed");
  }
  tls_subject_ = wire_.tls_subject();
  // Nothing was counted yet.
  if (!tls_subject_.empty()) sender_bytes_ = service_->senders.of(tls_subject_);
  phase_ = Phase::open;
  last_frame_ = reactor_.now();
  receive();
}

bool MllpConnection::over_budget() const {
  const auto& settings = service_->settings;
  return service_->counters.bytes_in_flight.load() >
             settings.most_bytes_in_flight ||
         sender_bytes_->load() > settings.most_bytes_by_sender;
}

bool MllpConnection::may_take() const {
  return phase_ == Phase::open && !service_->draining &&
         owed_.size() < service_->settings.most_unanswered &&
         (decoder_.inside_frame() || !over_budget());
}

void MllpConnection::receive() {
  const std::uint64_t first = next_sequence_;
  consume();
  for (int i = 0; i < kReadsPerRound && may_take() && !input_ended_; ++i) {
    if (next_sequence_ - first >= kFramesPerRound || !read_some()) break;
    consume();
  }
  settle();
}

// In the next round, behind everybody else who is ready now.
void MllpConnection::receive_soon() {
  reactor_.postbox()->post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && self->phase_ == Phase::open) self->receive();
  });
}

// False when there is nothing more for now.
bool MllpConnection::read_some() {
  std::array<char, kReadSize> buffer;  // NOLINT: filled by read
  const auto result = wire_.read(buffer.data(), buffer.size());
  wants_write_ = result.state == IoState::want_write;
  if (result.state == IoState::done) {
    in_.append(buffer.data(), result.bytes);
    return true;
  }
  if (result.state == IoState::ended) {
    input_ended_ = true;
    return true;
  }
  if (result.state == IoState::failed) close();
  return false;
}

// The first record of a TLS handshake, where nobody speaks TLS: its sender
// would wait for an answer that never comes.
bool MllpConnection::begins_with_tls() const {
  return !wire_.has_tls() && next_sequence_ == 0 && !decoder_.inside_frame() &&
         decoder_.skipped_bytes() == 0 && in_.starts_with("\x16\x03");
}

void MllpConnection::consume() {
  if (begins_with_tls()) {
    return refuse("mllp/tls-on-plain-port: this port speaks MLLP without TLS");
  }
  std::size_t consumed = 0;
  for (std::size_t frames = 0; may_take() && consumed < in_.size();) {
    const bool was_inside = decoder_.inside_frame();
    const auto step = decoder_.feed(std::string_view(in_).substr(consumed));
    consumed += step.consumed;
    if (step.event != MllpDecoder::Event::need_more || !was_inside) {
      frame_begun_ = reactor_.now();
    }
    if (take_event(step.event, std::string_view(in_).substr(consumed)) &&
        ++frames == kFramesPerRound)
      break;
  }
  in_.erase(0, consumed);
  account();
  if (decoder_.skipped_bytes() > service_->settings.most_skipped) {
    return refuse("mllp/no-frame: no 0x0B among many bytes; is it HL7?");
  }
  const auto& settings = service_->settings;
  const bool far_beyond =
      service_->counters.bytes_in_flight > 2 * settings.most_bytes_in_flight ||
      *sender_bytes_ > 2 * settings.most_bytes_by_sender;
  if (phase_ == Phase::open && decoder_.inside_frame() && far_beyond) {
    refuse("mllp/busy: too many bytes in flight");
  }
}

// Whether there was one.
bool MllpConnection::take_event(MllpDecoder::Event event,
                                std::string_view behind) {
  if (event == MllpDecoder::Event::need_more) return false;
  const bool whole = event == MllpDecoder::Event::frame;
  const auto defect = whole ? MllpDefect::none : decoder_.defect();
  auto content = decoder_.take_content();
  // Where an FS ends nothing, what has come behind it may be the message's.
  if (defect == MllpDefect::bad_end) {
    const auto room = service_->settings.most_frame_bytes - content.size();
    content += kFs;
    content += behind.substr(0, room);
  }
  take(std::move(content), defect);
  return true;
}

// What a VT cut is dispatched with what came behind it: only there it shows
// whether the sender began a message, or whether the VT is one of its bytes.
void MllpConnection::take(std::string content, MllpDefect defect) {
  last_frame_ = reactor_.now();
  if (!restarted_.empty() && begins_message(content)) {
    restarted_.erase(restarted_.find_last_not_of(kVt) + 1);
    dispatch(std::exchange(restarted_, {}), MllpDefect::restarted, content);
    if (phase_ == Phase::closed) return;
  }
  const bool is_tail = !restarted_.empty();
  if (is_tail) content = std::exchange(restarted_, {}) + kVt + content;
  if (defect != MllpDefect::bad_end &&
      content.size() > service_->settings.most_frame_bytes) {
    return dispatch(std::move(content), MllpDefect::too_large);
  }
  if (defect == MllpDefect::restarted) {
    restarted_ = std::move(content);
    return;
  }
  dispatch(std::move(content), is_tail ? MllpDefect::restarted : defect);
}

void MllpConnection::dispatch(std::string content, MllpDefect defect,
                              std::string followed_by) {
  // Behind these two it is known where the next frame begins.
  const bool goes_on = !followed_by.empty() || defect == MllpDefect::unopened;
  auto& counters = service_->counters;
  ++(defect == MllpDefect::none ? counters.frames : counters.defects);
  if (defect != MllpDefect::none && !goes_on) {
    phase_ = Phase::finishing;
  }
  MllpFrame frame{std::move(content),     defect,
                  std::move(followed_by), peer_,
                  tls_subject_,           wall_clock()};
  const std::uint64_t sequence = next_sequence_++;
  owed_.push_back({sequence, reactor_.now(), frame.content.size()});
  owed_bytes_ += frame.content.size();
  in_handler_ = true;
  try {
    service_->handler(std::move(frame), responder(sequence));
  } catch (const std::exception&) {
    // A defect of the handler: no answer, and the sender sends again.
  }
  in_handler_ = false;
  collect_answers();
}

MllpResponder MllpConnection::responder(std::uint64_t sequence) {
  const auto on_thread = [weak = weak_from_this(), box = reactor_.postbox()](
                             std::function<void(MllpConnection&)> act) {
    if (box->is_own_thread()) {
      const auto self = weak.lock();
      if (!self) return;
      if (self->in_handler_) return act(*self);
    }
    box->post([weak, act = std::move(act)] {
      const auto self = weak.lock();
      if (!self) return;
      act(*self);
      self->collect_answers();
      self->receive();
    });
  };
  return {
      [on_thread, sequence](std::vector<std::string> messages,
                            MllpResponder::Written written) {
        on_thread([sequence, messages = std::move(messages),
                   written = std::move(written)](MllpConnection& self) mutable {
          self.answer(sequence, std::move(messages), std::move(written));
        });
      },
      [on_thread, sequence] {
        on_thread([sequence](MllpConnection& self) { self.forget(sequence); });
      }};
}

void MllpConnection::answer(std::uint64_t sequence,
                            std::vector<std::string> messages,
                            MllpResponder::Written written) {
  const auto owed = std::find_if(
      owed_.begin(), owed_.end(),
      [=](const Owed& candidate) { return candidate.sequence == sequence; });
  if (owed == owed_.end()) return;
  owed->answered = true;
  owed->messages = std::move(messages);
  owed->written = std::move(written);
}

void MllpConnection::forget(std::uint64_t sequence) {
  const bool is_owed =
      std::any_of(owed_.begin(), owed_.end(), [=](const Owed& owed) {
        return owed.sequence == sequence && !owed.answered;
      });
  if (is_owed) refuse("mllp/no-answer: the gateway did not answer a frame");
}

void MllpConnection::collect_answers() {
  if (phase_ == Phase::closed) return;
  if (out_.empty()) write_begun_ = reactor_.now();
  while (!owed_.empty() && owed_.front().answered) {
    for (const auto& message : owed_.front().messages) {
      const auto frame = mllp_framed(message);
      if (!frame) return refuse("mllp/bad-answer: " + frame.error().message);
      out_.text() += *frame;
    }
    auto& written = owed_.front().written;
    if (written && !owed_.front().messages.empty()) {
      in_out_.push_back(std::move(written));
    }
    owed_bytes_ -= owed_.front().bytes;
    owed_.pop_front();
  }
  account();
}

void MllpConnection::flush() {
  const IoState state = out_.flush(wire_);
  wants_write_ = state == IoState::want_write;
  if (state == IoState::ended || state == IoState::failed) return close();
  if (!out_.empty()) return;
  for (const auto& written : std::exchange(in_out_, {})) written(wall_clock());
}

// What to wait for next, after anything has happened.
void MllpConnection::settle() {
  if (phase_ == Phase::open && input_ended_ && in_.empty()) end_of_input();
  if (phase_ != Phase::closed && !out_.empty()) flush();
  if (phase_ == Phase::closed || phase_ == Phase::lingering) return;
  const bool done = owed_.empty() && out_.empty();
  if (done && (phase_ == Phase::finishing || service_->draining)) {
    return linger();
  }
  reads_ = may_take() && !input_ended_;
  std::uint32_t interest = 0;
  if (reads_) interest |= EPOLLIN;
  if (wants_write_ || !out_.empty()) interest |= EPOLLOUT;
  reactor_.want(key_, interest);
  const bool more_at_once = may_take() && (!in_.empty() || wire_.has_pending());
  if (more_at_once) receive_soon();
}

void MllpConnection::end_of_input() {
  if (decoder_.has_strays() && owed_.empty()) {
    return refuse("mllp/no-frame: bytes without 0x0B before them");
  }
  phase_ = Phase::finishing;
  if (decoder_.end()) take(decoder_.take_content(), decoder_.defect());
}

void MllpConnection::tick() {
  const auto now = reactor_.now();
  if (phase_ == Phase::open || phase_ == Phase::finishing) {
    return tick_while_open();
  }
  if (phase_ == Phase::closed || now <= deadline_) return;
  if (phase_ == Phase::handshake) {
    return refuse("mllp/tls-handshake: the TLS handshake took too long");
  }
  close();
}

void MllpConnection::tick_while_open() {
  const auto now = reactor_.now();
  const auto& deadlines = service_->settings.deadlines;
  const auto late = [&](Time since, auto grace, std::size_t bytes) {
    return now >
           since + grace + std::chrono::seconds(bytes / deadlines.least_rate);
  };
  if (!out_.empty() &&
      late(write_begun_, deadlines.answer_grace, out_.size())) {
    return close();
  }
  if (!owed_.empty()) {
    if (now > owed_.front().since + deadlines.handler) {
      return refuse("mllp/no-answer: the gateway did not answer a frame");
    }
    frame_begun_ = now;  // it is we who do not read
    return;
  }
  if (decoder_.inside_frame()) {
    if (late(frame_begun_, deadlines.frame_grace, decoder_.open_bytes())) {
      end_of_input();
      return settle();
    }
  } else if (decoder_.has_strays() &&
             late(frame_begun_, deadlines.frame_grace, 0)) {
    return refuse("mllp/no-frame: bytes without 0x0B before them");
  } else if (now > last_frame_ + deadlines.idle) {
    return close();
  }
  // A budget may have become free, or a drain begun.
  if (!reads_ || service_->draining) receive();
}

void MllpConnection::linger() {
  wire_.end_sending();
  if (input_ended_) return close();
  phase_ = Phase::lingering;
  deadline_ = reactor_.now() + service_->settings.deadlines.linger;
  reactor_.want(key_, EPOLLIN);
}

void MllpConnection::drop_input() {
  while (lingered_bytes_ < kMostLingered) {
    const auto result = wire_.discard(kMostLingered - lingered_bytes_);
    if (result.state == IoState::want_read) return;
    if (result.state != IoState::done) return close();
    lingered_bytes_ += result.bytes;
  }
  close();
}

void MllpConnection::account() {
  const std::size_t bytes =
      in_.size() + restarted_.size() + decoder_.open_bytes() + owed_bytes_;
  // Wraps around where it became less, which is subtraction.
  service_->counters.bytes_in_flight.fetch_add(bytes - counted_bytes_);
  sender_bytes_->fetch_add(bytes - counted_bytes_);
  counted_bytes_ = bytes;
}

void MllpConnection::refuse(std::string why) {
  ++service_->counters.refusals;
  if (service_->on_refusal) {
    MllpRefusal refusal;
    refusal.peer = peer_;
    refusal.head = "MLLP";
    refusal.bytes_seen =
        in_.size() + decoder_.open_bytes() + decoder_.skipped_bytes();
    refusal.reason = std::move(why);
    refusal.at = wall_clock();
    const auto before = restarted_.empty() ? restarted_ : restarted_ + kVt;
    refusal.content =
        (before + decoder_.unfinished() + in_).substr(0, kMostKept);
    service_->on_refusal(std::move(refusal));
  }
  close();
}

void MllpConnection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  reactor_.remove(key_);
}

}  // namespace gateway::transport
