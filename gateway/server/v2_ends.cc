#include "server/v2_ends.h"

#include <utility>

#include "security/digest.h"
#include "server/message_keys.h"
#include "server/v2_answer.h"
#include "server/v2_known.h"

namespace gateway::server {

using parse::AckCode;
using parse::Acknowledgment;
using parse::Hl7v2Header;
using store::MessageState;

std::vector<std::string> V2Ends::answers_to(const Hl7v2Header& header,
                                            const Acknowledgment& answer,
                                            const std::string& content) const {
  return answers(
      header, answer,
      [this] {
        return parse::AckStamp{parts_.ids.next(), parts_.clock()};
      },
      content);
}

transport::MllpResponder::Written V2Ends::noted(
    store::Sequence sequence) const {
  if (sequence == 0) return {};
  return [&store = parts_.store, sequence](Instant at) {
    store.acknowledged(sequence, at);
  };
}

bool V2Ends::answered_before(const SharedArrival& arrival,
                             const Hl7v2Header& header) const {
  const auto& content = arrival->frame.content;
  const auto& partner = arrival->caller.partner;
  const auto known =
      parts_.store.find_digest(partner, security::sha256_hex(content));
  if (!known) return true;  // silence: the store is away
  if (*known) {
    arrival->responder.send(parted((*known)->message.answer));
    return true;
  }
  const auto objection = objection_to(
      {partner, content, header, arrival->refuser().get()}, parts_.store);
  if (!objection) return true;
  if (const auto* before = std::get_if<store::Message>(&*objection)) {
    arrival->responder.send(parted(before->answer));
    return true;
  }
  const auto* forbidden = std::get_if<exchange::Refusal>(&*objection);
  if (forbidden == nullptr) return false;
  end(arrival, header, of_outcome(AckCode::AE, forbidden->outcome),
      {MessageState::rejected, {}, arrival->refuser() != nullptr});
  return true;
}

store::Message V2Ends::record(const V2Arrival& arrival,
                              const Hl7v2Header& header,
                              const Acknowledgment& answer,
                              const V2Ending& ending) {
  store::Message message;
  message.owner = arrival.caller.partner;
  message.channel = "mllp";
  message.received_at = arrival.frame.received_at;
  message.peer = arrival.frame.peer;
  message.request = header.event();
  message.control_id = header.control_id;
  message.content = arrival.frame.content;
  message.state = ending.state;
  if (ending.once) {
    message.digest = refusal_digest(message.content, *arrival.edition);
  }
  message.stages = ending.stages;
  message.keys = MessageKeys::of(message.content, ending.bundle, message.peer);
  if (!answer.errors.empty()) message.rule = answer.errors.front().rule;
  return message;
}

void V2Ends::refuse(const SharedArrival& arrival, const Hl7v2Header& header,
                    const Acknowledgment& answer,
                    const V2Ending& ending) const {
  const bool once = header.has_control_id() && arrival->refuser();
  if (once && answered_before(arrival, header)) return;
  auto ended = ending;
  ended.once = once;
  end(arrival, header, answer, ended);
}

void V2Ends::end(const SharedArrival& arrival, const Hl7v2Header& header,
                 const Acknowledgment& answer, const V2Ending& ending) const {
  const bool answers =
      arrival->frame.defect != transport::MllpDefect::restarted;
  const auto messages = answers
                            ? answers_to(header, answer, arrival->frame.content)
                            : std::vector<std::string>();
  store::Commit commit;
  commit.message = record(*arrival, header, answer, ending);
  auto& message = commit.message;
  message.answer = joined(messages);
  if (arrival->end) {
    arrival->end->state = ending.state;
    arrival->end->rule = message.rule;
  }
  if (arrival->purpose == Purpose::trial) {
    return arrival->responder.send(messages);
  }
  parts_.store.commit(
      std::move(commit),
      [this, arrival, messages](const Result<store::Receipt>& receipt) {
        if (receipt) {
          return arrival->responder.send(messages, noted(receipt->sequence));
        }
        // The same bytes came twice at once: the other one has the answer.
        if (receipt.error().code == ErrorCode::conflict) again_(arrival);
      });
}

}  // namespace gateway::server
