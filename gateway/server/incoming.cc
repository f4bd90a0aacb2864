#include "server/incoming.h"

#include <algorithm>

namespace gateway::server {

store::Message received(const Incoming& incoming) {
  store::Message message;
  message.owner = incoming.caller.partner;
  message.channel = incoming.original ? incoming.original->channel : "fhir";
  message.received_at = incoming.received_at;
  message.peer = incoming.peer;
  message.request = incoming.request;
  message.control_id = incoming.control_id;
  message.content =
      incoming.original ? incoming.original->content : incoming.body;
  message.stages = incoming.stages;
  return message;
}

void note_end(const store::Commit& commit, store::MessageState state,
              const fhir::Outcome& outcome, End& end) {
  end.state = state;
  end.rule = gravest_rule(outcome);
  end.writes.clear();
  for (const auto& write : commit.resources) ++end.writes[write.id.type];
}

std::string gravest_rule(const fhir::Outcome& outcome) {
  const auto& findings = outcome.findings();
  const auto gravest =
      std::min_element(findings.begin(), findings.end(),
                       [](const fhir::Finding& a, const fhir::Finding& b) {
                         return a.severity < b.severity;
                       });
  return gravest == findings.end() ? std::string() : gravest->rule;
}

void ended(store::Message& message, store::MessageState state,
           const fhir::Outcome& outcome, const transport::Response& response) {
  message.state = state;
  message.rule = gravest_rule(outcome);
  message.status = response.status;
  message.answer = response.body;
  message.answer_headers = exchange::header_lines(response);
}

}  // namespace gateway::server
