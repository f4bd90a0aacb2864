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

namespace {

// The sender began its message anew and waits for one answer, that to the whole
// message; so does who sent nothing that could be answered by its name.
bool is_begun_anew(const transport::MllpFrame& frame,
                   const Hl7v2Header& header) {
  if (frame.followed_by.empty()) return false;
  return !header.has_control_id() ||
         name_of(parse::salvaged_header(frame.followed_by)) == name_of(header);
}

}  // namespace

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

void V2Ends::once(const SharedArrival& arrival, const Hl7v2Header& header,
                  const store::Stages& stages,
                  std::function<void(const SharedLease&)> go_on) const {
  const std::vector<std::string> lanes{"1 " + arrival->caller.partner + " " +
                                       name_of(header)};
  parts_.lanes.enter(lanes, [this, arrival, header, stages,
                             go_on = std::move(go_on)](Lanes::Lease lease) {
    if (answered_before(arrival, header, stages)) return;
    go_on(std::make_shared<Lanes::Lease>(std::move(lease)));
  });
}

void V2Ends::fail(const SharedArrival& arrival, const Hl7v2Header& header,
                  const Error& error) const {
  if (arrival->end) arrival->end->state.reset();  // it has none
  // The same bytes came twice at once.
  if (error.code == ErrorCode::conflict) return again_(arrival);
  if (!error.disk_full || is_begun_anew(arrival->frame, header)) return;
  const auto full = exchange::refusal_of(
      {.code = ErrorCode::unavailable,
       .message = "the disk is full; send the message again when there is room",
       .disk_full = true});
  arrival->responder.send(answers_to(
      header, of_outcome(AckCode::AR, full.outcome), arrival->frame.content));
}

bool V2Ends::answered_before(const SharedArrival& arrival,
                             const Hl7v2Header& header,
                             const store::Stages& stages) const {
  const auto& content = arrival->frame.content;
  const auto& partner = arrival->caller.partner;
  const auto known =
      parts_.store.find_digest(partner, security::sha256_hex(content));
  if (!known) return true;  // silence: the store is away
  if (*known) {
    answer_again(arrival, (*known)->message);
    return true;
  }
  const auto objection = objection_to(
      {partner, content, header, arrival->refuser().get()}, parts_.store);
  if (!objection) return true;
  if (const auto* before = std::get_if<store::Message>(&*objection)) {
    answer_again(arrival, *before);
    return true;
  }
  const auto* forbidden = std::get_if<exchange::Refusal>(&*objection);
  if (forbidden == nullptr) return false;
  end(arrival, header, of_outcome(AckCode::AE, forbidden->outcome),
      {MessageState::rejected, stages, arrival->refuser() != nullptr});
  return true;
}

void V2Ends::answer_again(const SharedArrival& arrival,
                          const store::Message& before) {
  if (arrival->end) {
    arrival->end->known = true;
    arrival->end->state = before.state;
    arrival->end->rule = before.rule;
  }
  arrival->responder.send(parted(before.answer));
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
  message.rule = gravest_rule(answer);
  if (header.names_message()) note_name(name_of(header), message);
  return message;
}

void V2Ends::refuse(const SharedArrival& arrival, const Hl7v2Header& header,
                    const Acknowledgment& answer,
                    const V2Ending& ending) const {
  if (!header.names_message() || !arrival->refuser()) {
    return end(arrival, header, answer, ending);
  }
  auto ended = ending;
  ended.once = true;
  once(arrival, header, ending.stages,
       [this, arrival, header, answer, ended](const SharedLease& lease) {
         end(arrival, header, answer, ended, lease);
       });
}

void V2Ends::end(const SharedArrival& arrival, const Hl7v2Header& header,
                 const Acknowledgment& answer, const V2Ending& ending,
                 const SharedLease& lease) const {
  const auto messages =
      is_begun_anew(arrival->frame, header)
          ? std::vector<std::string>()
          : answers_to(header, answer, arrival->frame.content);
  store::Commit commit;
  commit.message = record(*arrival, header, answer, ending);
  auto& message = commit.message;
  message.answer = joined(messages);
  if (arrival->end) {
    arrival->end->state = ending.state;
    arrival->end->rule = message.rule;
  }
  // What waited goes on waiting: no end for the log.
  const auto& release = arrival->release;
  if (release && !release->hold) {
    release->hold = Hold{.findings = findings_of(answer)};
  }
  if (arrival->purpose == Purpose::trial || release) {
    return arrival->responder.send(messages);
  }
  parts_.store.commit(
      std::move(commit), [this, arrival, header, messages,
                          lease](const Result<store::Receipt>& receipt) {
        if (!receipt) return fail(arrival, header, receipt.error());
        arrival->responder.send(messages, noted(receipt->sequence));
      });
}

}  // namespace gateway::server
