// The message log as operators read it: GET /log/messages and
// /log/messages/{id}, as JSON of the gateway's own.
//
//   {"messages": [{"id", "receivedAt", "committedAt", "partner", "channel",
//     "peer", "request", "controlId", "state", "status", "rule", "keys",
//     "bytes", "replayedAs": [{"id", "receivedAt", "state", "rule"}],
//     "releasedAs": the same}], "next": URL or absent,
//    "pruned": [{"prunedOn", "partner", "state", "messages", "bytes",
//     "receivedFrom", "receivedUntil"}] or absent}
// One message has, beyond these, "content" (or "contentBase64" where it is not
// UTF-8), "outcome" (an OperationOutcome), "answer" and "lane": the steps from
// bytes to acknowledgment [{"step", "at", "outcome": passed | ended, "rule"}].
// It is acknowledged after it was committed, never before; the time is known
// where the answer was one to HL7 v2, soon after it was written: until then,
// and where it never was, the step has no outcome.
//
// A search by a form has no URL that may name a person: in place of "next" it
// gives "before", to be sent with the same form.
//
// How a message ended stays as it was. A replay of one that was refused is a
// message of its own, and so is the release of one that waited: `replayedAs`
// and `releasedAs` name them, newest first.
//
// What retention took stays as counts: `pruned` has those that the query's
// partner, state, since and until let through, and a pruned message answers
// 410.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "exchange/query.h"
#include "exchange/refusal.h"
#include "store/store.h"

namespace gateway::exchange {

// state, partner, control-id, key, since, until, replayed, before, _count;
// others are refused.
OrRefusal<store::MessageQuery> parse_message_query(
    const std::vector<QueryParameter>& parameters);

// The messages that came of messages of the log, by these.
using LaterMessages =
    std::map<store::Sequence, std::vector<store::StoredMessage>>;
Result<LaterMessages> later_messages(
    const std::vector<store::StoredMessage>& messages,
    const store::Scope& scope, store::Store& store);

bool was_taken(const store::StoredMessage& message);

struct FoundMessages {
  std::vector<store::StoredMessage> messages{};
  LaterMessages later{};
  std::vector<store::Pruned> pruned{};
};
std::string message_list(const FoundMessages& found,
                         const std::vector<QueryParameter>& parameters,
                         const store::MessageQuery& query);
std::string search_list(const FoundMessages& found,
                        const store::MessageQuery& query);
// The members of an object.
void write_count(JsonWriter& out, const store::MessageCount& count);
Refusal pruned_message(Instant at);
std::string message_detail(const store::StoredMessage& message,
                           const LaterMessages& later = {});

}  // namespace gateway::exchange
