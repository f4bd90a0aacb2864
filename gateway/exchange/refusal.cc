#include "exchange/refusal.h"

#include "transport/status.h"

namespace gateway::exchange {

Refusal refusal(int status, fhir::Finding finding) {
  Refusal made{.status = status, .outcome = {}};
  made.outcome.add(std::move(finding));
  return made;
}

Refusal refusal(int status, fhir::IssueType type, std::string_view rule,
                std::string text) {
  return refusal(
      status,
      {.rule = std::string(rule), .type = type, .text = std::move(text)});
}

Refusal refusal_of(const Error& error) {
  const auto outward = transport::outward(error.code);
  fhir::Finding finding{.rule = "rest/" + std::string(code(outward.issue)),
                        .type = outward.issue,
                        .text = error.message};
  if (error.offset) {
    const auto at = static_cast<std::uint32_t>(*error.offset);
    finding.span = ByteSpan{at, at};
  }
  auto made = refusal(error.disk_full ? 507 : outward.http, std::move(finding));
  if (made.status == 429 || made.status == 503) {
    made.headers.emplace_back("Retry-After", "2");
  }
  return made;
}

}  // namespace gateway::exchange
