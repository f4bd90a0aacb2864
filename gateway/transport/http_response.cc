#include "transport/http_response.h"

#include <array>
#include <cstdio>

#include "transport/http_syntax.h"
#include "transport/status.h"

namespace gateway::transport {
namespace {

constexpr std::array<std::string_view, 6> kOurs = {
    "content-length", "transfer-encoding", "connection", "keep-alive", "date",
    "trailer"};

bool is_ours(std::string_view name) {
  for (const auto ours : kOurs) {
    if (equal_ignoring_case(name, ours)) return true;
  }
  return false;
}

bool has_no_body(int status) {
  return status == 204 || status == 304 || status < 200;
}

void append_field(std::string& out, std::string_view name,
                  std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_connection(std::string& out, const AnswerFraming& framing) {
  if (framing.after == AfterAnswer::close) {
    append_field(out, "Connection", "close");
  } else if (framing.minor_version == 0) {
    append_field(out, "Connection", "keep-alive");
  }
}

}  // namespace

std::string_view DateHeader::at(std::chrono::system_clock::time_point now) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed",
                                       "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second == second_) return text_;
  second_ = second;
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays.at(std::chrono::weekday(day).c_encoding()),
                static_cast<unsigned>(date.day()),
                kMonths.at(static_cast<unsigned>(date.month()) - 1),
                static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  text_ = text.data();
  return text_;
}

void append_response(std::string& out, const Response& response,
                     const AnswerFraming& framing, std::string_view date) {
  out.reserve(out.size() + response.body.size() + 512);
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  append_field(out, "Date", date);
  for (const auto& [name, value] : response.headers) {
    if (is_ours(name) || !is_header_name(name) || !is_header_value(value)) {
      continue;
    }
    append_field(out, name, value);
  }
  append_connection(out, framing);
  if (has_no_body(response.status)) {
    out += "\r\n";
    return;
  }
  append_field(out, "Content-Length", std::to_string(response.body.size()));
  out += "\r\n";
  if (framing.body == BodyOf::answer) out += response.body;
}

}  // namespace gateway::transport
