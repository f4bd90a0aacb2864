// HttpParser reads HTTP/1.1 requests from a stream of bytes, strictly. It
// reports a request only when its body is complete, and its verdict does not
// depend on how the bytes were cut into pieces.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "transport/edge_rules.h"
#include "transport/http.h"

namespace gateway::transport {

struct HttpLimits {
  std::size_t request_line = 8U << 10U;
  std::size_t head = 16U << 10U;  // the request line included
  std::size_t fields = 100;
  std::size_t chunk_extension = 256;
  std::size_t trailer = 4U << 10U;
  std::uint64_t body = 16U << 20U;
};

class HttpParser {
 public:
  enum class Progress : std::uint8_t {
    need_more,      // all is well so far
    head_complete,  // reported once; the body follows
    complete,       // take_request() has it; reset() before the next
    refused,        // see refusal(); the stream cannot be read any further
  };
  struct Step {
    Progress progress;
    std::size_t consumed;  // of the bytes given
  };

  explicit HttpParser(const HttpLimits& limits);
  ~HttpParser();
  HttpParser(const HttpParser&) = delete;
  HttpParser& operator=(const HttpParser&) = delete;

  // `bytes` begins with the first byte that was not consumed before. May leave
  // bytes: of an unfinished line, or of the next request.
  Step feed(std::string_view bytes);
  void reset();

  // REQUIRES: the head is complete.
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool expects_continue() const;
  [[nodiscard]] int minor_version() const;  // 0 or 1

  // What is known so far; empty before the head is complete.
  [[nodiscard]] const Request& request() const;
  Request take_request();
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

 private:
  class Machine;

  Progress refuse(Refusal refusal);
  Progress scan_head(std::string_view bytes);
  bool scan_line(std::string_view line);
  Progress parse(std::string_view bytes, std::size_t& consumed);
  Refusal put(std::string_view bytes, std::size_t& consumed);
  Progress after_body_bytes(std::string_view rest);

  const HttpLimits limits_;
  std::unique_ptr<Machine> machine_;
  Refusal refusal_;
  // Of the head's first unfinished line; at last the size of the head.
  std::size_t line_start_ = 0;
  bool head_scanned_ = false;
  bool head_reported_ = false;
};

}  // namespace gateway::transport
