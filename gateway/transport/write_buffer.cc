#include "transport/write_buffer.h"

namespace gateway::transport {

IoState WriteBuffer::flush(Wire& wire) {
  while (!empty()) {
    const auto result =
        wire.write(text_.data() + written_, text_.size() - written_);
    if (result.state != IoState::done) return result.state;
    written_ += result.bytes;
  }
  text_.clear();
  written_ = 0;
  return IoState::done;
}

void WriteBuffer::shrink() { std::string().swap(text_); }

}  // namespace gateway::transport
