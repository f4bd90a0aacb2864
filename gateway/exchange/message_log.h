// The message log as operators read it: GET /log/messages and
// /log/messages/{id}, as JSON of the gateway's own.
//
//   {"messages": [{"id", "receivedAt", "committedAt", "partner", "channel",
//     "peer", "request", "controlId", "state", "status", "rule", "keys",
//     "bytes"}], "next": URL or absent,
//    "pruned": [{"prunedOn", "partner", "state", "messages", "bytes",
//     "receivedFrom", "receivedUntil"}] or absent}
// One message has, beyond these, "content" (or "contentBase64" where it is not
// UTF-8), "outcome" (an OperationOutcome), "answer" and "lane": the steps from
// bytes to acknowledgment [{"step", "at", "outcome": passed | ended, "rule"}].
// It is acknowledged as soon as it is committed, never before.
//
// What retention took stays as counts: `pruned` has those that the query's
// partner, state and since let through, and a pruned message answers 410.

#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "exchange/query.h"
#include "exchange/refusal.h"
#include "store/store.h"

namespace gateway::exchange {

// state, partner, control-id, key, since, before, _count; others are refused.
OrRefusal<store::MessageQuery> parse_message_query(
    const std::vector<QueryParameter>& parameters);

struct FoundMessages {
  std::vector<store::StoredMessage> messages{};
  std::vector<store::Pruned> pruned{};
};
std::string message_list(const FoundMessages& found,
                         const std::vector<QueryParameter>& parameters,
                         const store::MessageQuery& query);
// The members of an object.
void write_count(JsonWriter& out, const store::MessageCount& count);
Refusal pruned_message(Instant at);
std::string message_detail(const store::StoredMessage& message);

}  // namespace gateway::exchange
