#include "server/v2_parking.h"

#include <algorithm>
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

bool V2Parking::stands(const std::string& owner, Json resource) const {
  for (const auto& key : exchange::business_keys(resource, parts_.site)) {
    const auto known = parts_.store.find_key(
        owner, std::string(resource.get("resourceType").text()), key.key);
    if (!known || !*known) continue;
    const auto stored =
        parts_.store.read(store::Scope::of(owner), **known, std::nullopt);
    if (!stored || !*stored) continue;
    const auto document = JsonDocument::parse((*stored)->body);
    return document && !withdraws(document->root()) &&
           !is_cancelled(document->root());
  }
  return false;
}

// A session or order that stands may be billed meanwhile: what takes it back
// waits for nothing, and what waits is older than it. Where it was taken back
// already, what waits may send it anew, and this is the last word on that.
bool V2Parking::takes_back_what_is_stored(const std::string& owner,
                                          const map::MapOutput& output) const {
  const auto bundle = JsonDocument::parse(output.bundle);
  if (!bundle) return false;
  bool takes_back = false;
  for (const auto& update : output.amendments) {
    const Json resource =
        bundle->root().get("entry").at(update.entry).get("resource");
    const std::string type(resource.get("resourceType").text());
    if (!waits_by_number(type)) continue;
    // What takes its place follows it; what else is new may wait by itself.
    if (update.posted && update.is_anew) continue;
    if (update.posted) {
      WaitingKeys keys;
      add_keys_of(resource, keys);
      if (parts_.parked.ahead_of(owner, keys)) return false;
      continue;
    }
    const bool is_taken = withdraws(resource) || is_cancelled(resource);
    if (!is_taken || !stands(owner, resource)) return false;
    takes_back = true;
  }
  return takes_back;
}

bool V2Parking::takes_back_any(const std::string& owner,
                               const map::MapOutput& output) const {
  const auto bundle = JsonDocument::parse(output.bundle);
  if (!bundle) return false;
  return std::any_of(
      output.amendments.begin(), output.amendments.end(),
      [&](const map::Update& update) {
        const Json resource =
            bundle->root().get("entry").at(update.entry).get("resource");
        return resource.get("resourceType").text() == "Procedure" &&
               !update.posted && withdraws(resource) && stands(owner, resource);
      });
}

std::optional<Hold> V2Parking::hold_of(const V2Arrival& arrival,
                                       const parse::Hl7v2Message& message,
                                       const map::MapOutput& output) const {
  const auto& owner = arrival.caller.partner;
  const bool is_mapped = output.verdict == map::Verdict::mapped;
  // Most messages are mapped, of partners for whom nothing waits.
  if (is_mapped && !parts_.parked.has_any_of(owner)) return std::nullopt;
  if (!is_mapped && !output.waits_for_rows() && !arrival.release) {
    return std::nullopt;
  }
  const auto made = JsonDocument::parse(output.bundle);
  Hold hold{.findings = output.outcome,
            .bundle = output.bundle,
            .keys = waiting_keys(message, made ? made->root() : Json())};
  if (!is_mapped) {
    if (output.waits_for_rows()) hold.rows = output.missing_rows;
    // It would stand, and be billed, until the row comes.
    const bool may_wait = arrival.release || !takes_back_any(owner, output);
    return may_wait ? std::optional(std::move(hold)) : std::nullopt;
  }
  const auto ahead = parts_.parked.ahead_of(
      owner, hold.keys,
      arrival.release ? arrival.release->message.sequence : 0);
  if (!ahead || takes_back_what_is_stored(owner, output)) return std::nullopt;
  hold.behind = ahead->text();
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
