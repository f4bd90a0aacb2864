#include "transport/status.h"

#include <algorithm>
#include <array>

namespace gateway::transport {

OutwardStatus outward(ErrorCode code) {
  using fhir::IssueType;
  switch (code) {  // no default: a new code must be given its outward form
    case ErrorCode::invalid:
      return {400, IssueType::invalid, "AR"};
    case ErrorCode::unsupported:
      return {422, IssueType::not_supported, "AR"};
    case ErrorCode::too_large:
      return {413, IssueType::too_long, "AR"};
    case ErrorCode::unauthorized:
      return {401, IssueType::security, "AR"};
    case ErrorCode::forbidden:
      return {403, IssueType::forbidden, "AR"};
    case ErrorCode::not_found:
      return {404, IssueType::not_found, "AE"};
    case ErrorCode::conflict:
      return {409, IssueType::conflict, "AE"};
    case ErrorCode::busy:
      return {429, IssueType::throttled, "AR"};
    case ErrorCode::unavailable:
      return {503, IssueType::transient, "AR"};
    case ErrorCode::fault:
      return {500, IssueType::exception, "AR"};
  }
  return {500, IssueType::exception, "AR"};
}

namespace {

struct Phrase {
  int status;
  std::string_view text;
};

constexpr std::array kPhrases = {
    Phrase{100, "Continue"},
    Phrase{200, "OK"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Content"},
    Phrase{303, "See Other"},
    Phrase{304, "Not Modified"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{406, "Not Acceptable"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{410, "Gone"},
    Phrase{412, "Precondition Failed"},
    Phrase{413, "Content Too Large"},
    Phrase{414, "URI Too Long"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{417, "Expectation Failed"},
    Phrase{422, "Unprocessable Content"},
    Phrase{428, "Precondition Required"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{503, "Service Unavailable"},
    Phrase{505, "HTTP Version Not Supported"},
    Phrase{507, "Insufficient Storage"},
};

}  // namespace

std::string_view reason_phrase(int http_status) {
  const auto* const found = std::find_if(
      kPhrases.begin(), kPhrases.end(),
      [=](const Phrase& phrase) { return phrase.status == http_status; });
  return found == kPhrases.end() ? "Status" : found->text;
}

}  // namespace gateway::transport
