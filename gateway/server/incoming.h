// Incoming is a request to write, as the front hands it to the pipeline; from
// it and what became of it is made the record in the message log.

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "exchange/fhir_api.h"
#include "store/store.h"
#include "transport/http.h"

namespace gateway::server {

struct Incoming {
  exchange::Interaction interaction;
  exchange::Caller caller;
  std::string request;  // "POST /fhir/Procedure": no query, which may be PHI
  std::string peer;
  std::string control_id;  // X-Request-Id
  Instant received_at;
  std::string body;
};

using Answer = std::function<void(transport::Response)>;

// The record without its end: state, rule and answer are added by ended().
store::Message received(const Incoming& incoming, std::string_view content);

// How the message ended. `outcome` decides the rule that is recorded.
void ended(store::Message& message, store::MessageState state,
           const fhir::Outcome& outcome, const transport::Response& response);

// The rule of the gravest finding, the first of equals; empty if none.
std::string gravest_rule(const fhir::Outcome& outcome);

}  // namespace gateway::server
