// HttpAnswer reads one answer of an HTTP/1.1 server. It is for our own clients,
// and as strict with servers as the edge is with clients.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "transport/http.h"

namespace gateway::transport {

class HttpAnswer {
 public:
  enum class Progress : std::uint8_t { need_more, complete, malformed };

  // HEAD has answers without bodies.
  explicit HttpAnswer(std::string_view method) : to_head_(method == "HEAD") {}

  Progress feed(std::string_view bytes);
  // The connection has ended, which also ends a body without length.
  Progress end();

  // REQUIRES: complete.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  Response take() { return std::move(response_); }  // names in lower case

 private:
  enum class Part : std::uint8_t { head, body, to_the_end, chunks, complete };

  Progress advance();
  bool take_head();
  bool take_field(std::string_view line);
  bool choose_body();
  bool take_chunk(bool& took);

  const bool to_head_;
  Part part_ = Part::head;
  std::string buffer_;
  std::size_t left_ = 0;
  bool keep_alive_ = true;
  Response response_;
};

}  // namespace gateway::transport
