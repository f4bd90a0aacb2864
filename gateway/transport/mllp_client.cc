#include "transport/mllp_client.h"

#include <utility>

namespace gateway::transport {

void MllpClient::disconnect() {
  connection_.reset();
  decoder_.end();
  unread_.clear();
}

Result<std::string> MllpClient::failed(Error error) {
  disconnect();
  return error;
}

Status MllpClient::ensure_connection() {
  if (connection_) return Done{};
  auto connected =
      TcpClient::connect(settings_.target, settings_.connect_patience);
  if (!connected) return connected.error();
  connection_.emplace(*std::move(connected));
  return Done{};
}

Status MllpClient::send(std::string_view message) {
  const auto frame = mllp_framed(message);
  if (!frame) return frame.error();
  if (const auto ready = ensure_connection(); !ready) return ready;
  const auto written = connection_->write(
      *frame, TcpClient::Clock::now() + settings_.answer_patience);
  if (!written) disconnect();
  return written;
}

Result<std::string> MllpClient::receive() {
  if (!connection_) {
    return Error{ErrorCode::unavailable, "there is no connection"};
  }
  const auto deadline = TcpClient::Clock::now() + settings_.answer_patience;
  while (true) {
    const auto step = decoder_.feed(unread_);
    unread_.erase(0, step.consumed);
    if (step.event == MllpDecoder::Event::frame) return decoder_.take_content();
    if (step.event == MllpDecoder::Event::defect) {
      return failed({ErrorCode::invalid,
                     "the answer: " + std::string(text(decoder_.defect()))});
    }
    const auto bytes = connection_->read(deadline);
    if (!bytes) return failed(bytes.error());
    if (bytes->empty()) {
      return failed({ErrorCode::unavailable,
                     "the peer closed the connection without an answer"});
    }
    unread_ += *bytes;
  }
}

Result<std::string> MllpClient::exchange(std::string_view message) {
  if (connection_ && connection_->is_stale()) disconnect();
  if (const auto sent = send(message); !sent) return sent.error();
  return receive();
}

}  // namespace gateway::transport
