// A resource for tests of readers, written with ' for ".

#pragma once

#include <string>

#include "episode/read.h"

namespace gateway::episode {

class Read {
 public:
  explicit Read(std::string text) {
    for (auto& c : text) {
      if (c == '\'') c = '"';
    }
    document_ = *parse_shared(std::move(text));
  }
  [[nodiscard]] Reading reading() const {
    return {document_->root(), {"Test/1", 2, Instant()}, kCanonicalBase};
  }

 private:
  SharedDocument document_;
};

}  // namespace gateway::episode
