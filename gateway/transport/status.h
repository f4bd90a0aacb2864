// How an Error looks from outside, for each protocol that a sender may speak.

#pragma once

#include <string_view>

#include "base/result.h"
#include "fhir/outcome.h"

namespace gateway::transport {

struct OutwardStatus {
  int http;
  fhir::IssueType issue;
  // HL7 v2 MSA-1 in original mode. AE: the message is at fault; AR: it was
  // refused for reasons outside its content, or could not be read at all.
  std::string_view ack;
};

OutwardStatus outward(ErrorCode code);

// RFC 9110's words for the codes that the gateway sends; "Status" for others.
std::string_view reason_phrase(int http_status);

}  // namespace gateway::transport
