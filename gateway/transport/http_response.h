// Writes answers as HTTP/1.1. Lengths, dates and connection handling are ours;
// what a handler sets can neither contradict them nor inject a line.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "transport/http.h"

namespace gateway::transport {

enum class AfterAnswer : std::uint8_t { keep_open, close };
enum class BodyOf : std::uint8_t { answer, head_answer };  // to HEAD: none

// IMF-fixdate (RFC 9110, 5.6.7), made anew once a second.
class DateHeader {
 public:
  std::string_view at(std::chrono::system_clock::time_point now);

 private:
  std::chrono::sys_seconds second_{std::chrono::seconds(-1)};
  std::string text_;
};

struct AnswerFraming {
  AfterAnswer after = AfterAnswer::keep_open;
  BodyOf body = BodyOf::answer;
  int minor_version = 1;  // of the request
};

// Appends the whole answer to `out`. A header that is not well formed, or that
// belongs to the framing, is left out.
void append_response(std::string& out, const Response& response,
                     const AnswerFraming& framing, std::string_view date);

}  // namespace gateway::transport
