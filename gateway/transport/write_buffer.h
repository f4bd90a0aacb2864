// WriteBuffer holds what a connection has to send until its wire takes it.

#pragma once

#include <string>
#include <string_view>

#include "transport/wire.h"

namespace gateway::transport {

class WriteBuffer {
 public:
  // Where an answer is appended; written bytes leave its front unseen.
  std::string& text() { return text_; }
  [[nodiscard]] bool empty() const { return written_ == text_.size(); }
  [[nodiscard]] std::size_t size() const { return text_.size() - written_; }

  // Done when all is written.
  IoState flush(Wire& wire);
  // Gives back memory. REQUIRES: empty().
  void shrink();

 private:
  std::string text_;
  std::size_t written_ = 0;
};

}  // namespace gateway::transport
