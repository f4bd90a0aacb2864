// Incoming is a request to write, as the front hands it to the pipeline; from
// it and what became of it is made the record in the message log.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "exchange/fhir_api.h"
#include "server/edition.h"
#include "store/store.h"
#include "transport/http.h"

namespace gateway::server {

// What a request was before it became FHIR: kept in its place, and answered
// in its own language.
struct Original {
  std::string channel;  // "mllp"
  std::string content;  // exact bytes
  std::string digest;   // of what makes two messages the same
  std::function<std::string(int status, const fhir::Outcome& outcome)> answer;
};

struct Incoming {
  exchange::Interaction interaction;
  exchange::Caller caller;
  std::string request;  // "POST /fhir/Procedure": no query, which may be PHI
  std::string peer;
  std::string control_id;  // X-Request-Id
  Instant received_at;
  std::string body;
  SharedEdition edition{};  // that it began with; else the one in force
  std::optional<Original> original{};
};

using Answer = std::function<void(transport::Response)>;

// The record without its end: state, rule and answer are added by ended().
store::Message received(const Incoming& incoming);

// How the message ended. `outcome` decides the rule that is recorded.
void ended(store::Message& message, store::MessageState state,
           const fhir::Outcome& outcome, const transport::Response& response);

// The rule of the gravest finding, the first of equals; empty if none.
std::string gravest_rule(const fhir::Outcome& outcome);

}  // namespace gateway::server
