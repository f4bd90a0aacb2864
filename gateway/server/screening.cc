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

// FHIR's own rule for periods has a name of ours, since a period that ends
// before it starts is a slip that senders make often.
fhir::Outcome named_our_way(const fhir::Outcome& outcome) {
  fhir::Outcome named;
  for (auto finding : outcome.findings()) {
    if (finding.rule == "invariant/per-1") {
      finding.rule = "time/negative";
      finding.text = "the period ends before it starts";
      finding.seen.clear();
      finding.wanted = "an end that is not before the start";
      finding.remedy = "correct the start or the end";
    }
    named.add(std::move(finding));
  }
  return named;
}

}  // namespace

std::optional<exchange::Refusal> screened(
    const Parts& parts, const exchange::Caller& caller,
    const exchange::WriteRequest& request) {
  if (auto refusal = not_allowed(caller, request)) return refusal;
  const auto outcome = parts.validator.validate(*request.document);
  if (outcome.acceptable()) return std::nullopt;
  return exchange::Refusal{.status = 422, .outcome = named_our_way(outcome)};
}

}  // namespace gateway::server
