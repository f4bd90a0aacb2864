#include "server/v2_parking.h"

#include <utility>

#include "security/digest.h"
#include "server/parked_tasks.h"
#include "server/v2_answer.h"

namespace gateway::server {
namespace {

using parse::AckCode;
using parse::Hl7v2Header;
using store::MessageState;

fhir::Finding waits_behind() {
  return {
      .rule = "map/waits-behind",
      .severity = fhir::Severity::warning,
      .type = fhir::IssueType::business_rule,
      .text = "An earlier message about the same waits; its Task says for what",
      .remedy = "nothing: this one is taken up with it",
      .actor = fhir::Actor::operator_};
}

}  // namespace

std::optional<Hold> V2Parking::hold_of(const V2Arrival& arrival,
                                       const map::MapOutput& output,
                                       const WaitingKeys& keys) const {
  Hold hold{.findings = output.outcome, .bundle = output.bundle, .keys = keys};
  if (output.waits_for_rows()) {
    hold.rows = output.missing_rows;
    return hold;
  }
  if (output.verdict != map::Verdict::mapped) {
    return arrival.release ? std::optional(std::move(hold)) : std::nullopt;
  }
  const auto ahead = parts_.parked.ahead_of(
      arrival.caller.partner, hold.keys,
      arrival.release ? arrival.release->message.sequence : 0);
  if (!ahead) return std::nullopt;
  hold.behind = ahead->task.text();
  hold.findings.add(waits_behind());
  return hold;
}

void V2Parking::park(const SharedArrival& arrival, const Hl7v2Header& header,
                     const Hold& hold, const store::Stages& stages) {
  if (arrival->release) {
    arrival->release->hold = hold;
    return arrival->responder.send({});
  }
  if (arrival->purpose == Purpose::trial) {
    return ends_.end(arrival, header, of_outcome(AckCode::AA, hold.findings),
                     {MessageState::held, stages});
  }
  ends_.once(arrival, header, stages,
             [this, arrival, header, hold, stages](const SharedLease& lease) {
               keep(arrival, header, hold, stages, lease);
             });
}

void V2Parking::keep(const SharedArrival& arrival, const Hl7v2Header& header,
                     const Hold& hold, const store::Stages& stages,
                     const SharedLease& lease) {
  const auto& content = arrival->frame.content;
  const auto answer = of_outcome(AckCode::AA, hold.findings);
  const Parked parked{.base = parts_.site.canonical,
                      .partner = arrival->caller.partner,
                      .digest = security::sha256_hex(content),
                      .event = header.event(),
                      .control_id = header.control_id};
  const auto messages = ends_.answers_to(header, answer, content);
  store::Commit commit;
  commit.message =
      V2Ends::record(*arrival, header, answer,
                     {MessageState::held, stages, false, hold.bundle});
  auto& message = commit.message;
  message.digest = parked.digest;
  message.answer = joined(messages);
  message.outcome =
      fhir::to_operation_outcome(hold.findings, parts_.site.canonical);
  message.keys.insert(message.keys.end(), hold.keys.begin(), hold.keys.end());
  if (arrival->end) {
    arrival->end->state = MessageState::held;
    arrival->end->rule = message.rule;
  }
  const auto task = add_task(parts_, parked, hold, commit);
  parts_.store.commit(
      std::move(commit), [this, arrival, header, messages, parked, task, hold,
                          lease](const Result<store::Receipt>& receipt) {
        if (!receipt) return ends_.fail(arrival, header, receipt.error());
        parts_.parked.add({.sequence = receipt->sequence,
                           .owner = parked.partner,
                           .digest = parked.digest,
                           .task = task,
                           .keys = hold.keys,
                           .of_patients = hold.of_patients},
                          hold.behind);
        // Maps that came meanwhile may know the code.
        if (parts_.editions.current() != arrival->edition) parts_.parked.wake();
        arrival->responder.send(messages, ends_.noted(receipt->sequence));
      });
}

}  // namespace gateway::server
