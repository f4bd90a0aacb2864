// Refusal is what a request gets instead of its answer: an HTTP status and the
// findings that explain it. It becomes an OperationOutcome in answer.cc; no
// request is refused without one (FHIR R4, http.html#Status-Codes).

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.h"
#include "fhir/outcome.h"
#include "transport/http.h"

namespace gateway::exchange {

struct Refusal {
  int status = 400;
  fhir::Outcome outcome;
  transport::Headers headers{};  // Allow, Retry-After
};

template <typename T>
using OrRefusal = std::variant<T, Refusal>;

// One finding; `rule` as "rest/unknown-type".
Refusal refusal(int status, fhir::IssueType type, std::string_view rule,
                std::string text);
Refusal refusal(int status, fhir::Finding finding);

// The status that belongs to an error's code; the byte offset, if any, becomes
// the place of the finding.
Refusal refusal_of(const Error& error);

}  // namespace gateway::exchange
