#include "transport/http_answer.h"

#include <algorithm>
#include <charconv>

#include "transport/http_syntax.h"

namespace gateway::transport {
namespace {

constexpr std::string_view kLine = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool parse_status(std::string_view line, int& status) {
  if (line.size() < 12 || line.substr(0, 7) != "HTTP/1.") return false;
  const auto digits = line.substr(9, 3);
  const auto parsed =
      std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return parsed.ptr == digits.data() + digits.size() && status >= 100;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

HttpAnswer::Progress HttpAnswer::feed(std::string_view bytes) {
  buffer_ += bytes;
  return advance();
}

HttpAnswer::Progress HttpAnswer::end() {
  if (part_ == Part::to_the_end) part_ = Part::complete;
  return part_ == Part::complete ? Progress::complete : Progress::malformed;
}

HttpAnswer::Progress HttpAnswer::advance() {
  while (part_ == Part::head) {
    if (buffer_.find(kHeadEnd) == std::string::npos) return Progress::need_more;
    if (!take_head()) return Progress::malformed;
  }
  if (part_ == Part::to_the_end) {
    response_.body += buffer_;
    buffer_.clear();
  }
  if (part_ == Part::body) {
    const std::size_t size = std::min(left_, buffer_.size());
    response_.body.append(buffer_, 0, size);
    buffer_.erase(0, size);
    left_ -= size;
    if (left_ == 0) part_ = Part::complete;
  }
  bool took = part_ == Part::chunks;
  while (took) {
    if (!take_chunk(took)) return Progress::malformed;
  }
  return part_ == Part::complete ? Progress::complete : Progress::need_more;
}

// Interim answers (1xx) are read and dropped.
bool HttpAnswer::take_head() {
  const std::size_t end = buffer_.find(kHeadEnd);
  std::string_view rest = std::string_view(buffer_).substr(0, end + 2);
  const auto next_line = [&rest] {
    const std::size_t at = rest.find(kLine);
    const auto line = rest.substr(0, at);
    rest.remove_prefix(at + kLine.size());
    return line;
  };
  const auto status_line = next_line();
  if (!parse_status(status_line, response_.status)) return false;
  keep_alive_ = status_line[7] == '1';
  response_.headers.clear();
  while (!rest.empty()) {
    if (!take_field(next_line())) return false;
  }
  buffer_.erase(0, end + kHeadEnd.size());
  return response_.status < 200 || choose_body();
}

bool HttpAnswer::take_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  std::string name(line.substr(0, colon));
  if (!is_header_name(name)) return false;
  std::transform(name.begin(), name.end(), name.begin(), lower);
  const auto value = trimmed(line.substr(colon + 1));
  if (name == "connection" && equal_ignoring_case(value, "close")) {
    keep_alive_ = false;
  }
  response_.headers.emplace_back(std::move(name), std::string(value));
  return true;
}

// RFC 9112, 6.3.
bool HttpAnswer::choose_body() {
  const auto length = header(response_.headers, "content-length");
  const auto coding = header(response_.headers, "transfer-encoding");
  if (to_head_ || response_.status == 204 || response_.status == 304) {
    part_ = Part::complete;
    return true;
  }
  if (!coding.empty()) {
    part_ = Part::chunks;
    return length.empty() && equal_ignoring_case(coding, "chunked");
  }
  if (length.empty()) {
    part_ = Part::to_the_end;
    keep_alive_ = false;
    return true;
  }
  if (!is_content_length(length)) return false;
  std::from_chars(length.data(), length.data() + length.size(), left_);
  part_ = Part::body;
  return true;
}

// `took` says whether there was a whole one.
bool HttpAnswer::take_chunk(bool& took) {
  took = false;
  const std::size_t line_end = buffer_.find(kLine);
  if (line_end == std::string::npos) return true;
  std::size_t size = 0;
  const auto parsed = std::from_chars(
      buffer_.data(), buffer_.data() + std::min(line_end, std::size_t{8}), size,
      16);
  const bool ends = parsed.ptr == buffer_.data() + line_end ||
                    *parsed.ptr == ';' || *parsed.ptr == ' ';
  if (parsed.ptr == buffer_.data() || !ends) return false;
  const std::size_t begin = line_end + kLine.size();
  if (buffer_.size() < begin + size + kLine.size()) return true;
  if (buffer_.compare(begin + size, kLine.size(), kLine) != 0) return false;
  response_.body.append(buffer_, begin, size);
  buffer_.erase(0, begin + size + kLine.size());
  if (size == 0) part_ = Part::complete;
  took = size != 0;
  return true;
}

}  // namespace gateway::transport
