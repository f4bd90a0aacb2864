#include "server/v2_parking.h"

#include <utility>

#include "exchange/stored_body.h"
#include "security/digest.h"
#include "server/amendment.h"
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

// A session or order that is stored may be billed meanwhile: what takes it back
// waits for nothing, and what waits is older than it.
bool V2Parking::takes_back_what_is_stored(const std::string& owner,
                                          const map::MapOutput& output) const {
  const auto bundle = JsonDocument::parse(output.bundle);
  if (!bundle) return false;
  bool takes_back = false;
  for (const auto& update : output.amendments) {
    const Json resource =
        bundle->root().get("entry").at(update.entry).get("resource");
    const std::string type(resource.get("resourceType").text());
    if (update.posted || !waits_by_number(type)) continue;
    if (!withdraws(resource) && !is_cancelled(resource)) return false;
    bool is_stored = false;
    for (const auto& key : exchange::business_keys(resource, parts_.site)) {
      const auto known = parts_.store.find_key(owner, type, key.key);
      is_stored |= known && *known;
    }
    if (!is_stored) return false;
    takes_back = true;
  }
  return takes_back;
}

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
  const bool waits =
      ahead && !takes_back_what_is_stored(arrival.caller.partner, output);
  if (!waits) return std::nullopt;
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
                           .is_looked_at = hold.of_patients},
                          hold.behind);
        // Maps that came meanwhile may know the code.
        if (parts_.editions.current() != arrival->edition) parts_.parked.wake();
        arrival->responder.send(messages, ends_.noted(receipt->sequence));
      });
}

}  // namespace gateway::server
