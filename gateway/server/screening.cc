#include "server/screening.h"

namespace gateway::server {
namespace {

using fhir::IssueType;

std::optional<exchange::Refusal> not_allowed(
    const exchange::Caller& caller, const exchange::WriteRequest& request) {
  for (const auto& entry : request.entries) {
    const auto& asked = entry.interaction;
    if (!exchange::writes(asked.action)) continue;
    if (exchange::may_write(caller, asked.type)) continue;
    return exchange::refusal(
        403, {.rule = "security/not-allowed",
              .type = IssueType::forbidden,
              .expression = entry.expression,
              .text = "the partner's role may not write this type",
              .seen = asked.type,
              .remedy = "send it as the partner whose it is, or ask the "
                        "operator to change the role"});
  }
  return std::nullopt;
}

}  // namespace

std::optional<exchange::Refusal> screened(
    const Parts& parts, const exchange::Caller& caller,
    const exchange::WriteRequest& request) {
  if (auto refusal = not_allowed(caller, request)) return refusal;
  auto outcome = parts.intake.judge(*request.document, parts.clock());
  if (outcome.acceptable()) return std::nullopt;
  return exchange::Refusal{.status = 422, .outcome = std::move(outcome)};
}

}  // namespace gateway::server
