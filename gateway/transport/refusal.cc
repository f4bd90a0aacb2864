#include "transport/refusal.h"

#include <algorithm>

namespace gateway::transport {
namespace {

constexpr std::size_t kLongestHead = 200;
constexpr std::string_view kRetrySeconds = "1";

}  // namespace

Response refusal_response(const Refusal& refusal, std::string_view base) {
  const EdgeRule& rule = *refusal.rule;
  fhir::Outcome outcome;
  outcome.add({.rule = std::string(rule.id),
               .severity = fhir::Severity::fatal,
               .type = rule.issue,
               .text = std::string(rule.text),
               .seen = std::string(refusal.seen),
               .remedy = std::string(rule.remedy)});
  Response response{.status = rule.status};
  response.headers.emplace_back("Content-Type",
                                "application/fhir+json; charset=utf-8");
  if (rule.status == 503) {
    response.headers.emplace_back("Retry-After", kRetrySeconds);
  }
  if (rule.status == 405) {
    response.headers.emplace_back("Allow",
                                  "GET, HEAD, POST, PUT, PATCH, DELETE, "
                                  "OPTIONS");
  }
  response.body = fhir::to_operation_outcome(outcome, base);
  return response;
}

std::string loggable_head(std::string_view bytes) {
  auto line = bytes.substr(0, bytes.find_first_of("\r\n"));
  line = line.substr(0, line.find('?'));
  const auto method_end = line.find(' ');
  if (method_end != std::string_view::npos) {
    line = line.substr(0, line.find(' ', method_end + 1));
  }
  std::string head(line.substr(0, kLongestHead));
  std::replace_if(
      head.begin(), head.end(), [](char c) { return c < ' ' || c > '~'; }, '.');
  return head;
}

std::string reason(const Refusal& refusal) {
  std::string text(refusal.rule->id);
  text += ": ";
  text += refusal.rule->text;
  if (!refusal.seen.empty()) {
    text += "; seen: ";
    text += refusal.seen;
  }
  return text;
}

}  // namespace gateway::transport
