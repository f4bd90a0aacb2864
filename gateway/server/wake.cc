#include "server/wake.h"

namespace gateway::server {

void Wake::begin() {
  parts_.lanes.enter({case_lane(due_.owner, due_.case_key)},
                     [self = shared_from_this()](Lanes::Lease lease) {
                       self->lane_ = std::move(lease);
                       self->decide();
                     });
}

void Wake::decide() {
  moment_ = {parts_.clock(), parts_.editions.current()};
  auto decision =
      decide_cases(parts_, due_.owner, {due_.case_key}, {}, moment_);
  if (!decision) return end(decision.error());
  if (!decision->unfit.empty()) return refuse(decision->unfit);
  if (decision->writes.empty() && decision->ledger.empty() &&
      decision->dependents.empty()) {
    return end(Done{});
  }
  commit(*std::move(decision));
}

void Wake::commit(Decision decision) {
  fhir::Outcome outcome;
  for (const auto& task : decision.tasks) outcome.merge(task.findings);
  store::Commit commit;
  auto& message = commit.message;
  message.owner = due_.owner;
  message.channel = "timer";
  message.received_at = moment_.now;
  message.request = "wake " + due_.case_key;
  message.state = decision.tasks.empty() ? store::MessageState::accepted
                                         : store::MessageState::held;
  message.rule = gravest_rule(outcome);
  if (!outcome.empty()) {
    message.outcome =
        fhir::to_operation_outcome(outcome, parts_.site.canonical);
  }
  commit.resources = std::move(decision.writes);
  commit.ledger = std::move(decision.ledger);
  commit.feed = std::move(decision.feed);
  commit.dependents = std::move(decision.dependents);
  parts_.store.commit(
      std::move(commit),
      [self = shared_from_this()](const Result<store::Receipt>& receipt) {
        self->end(receipt ? Status(Done{}) : Status(receipt.error()));
      });
}

// What would be emitted is not valid: the log says so, and nothing else is
// stored. It is tried again later, as after any failure.
void Wake::refuse(const fhir::Outcome& unfit) {
  store::Commit commit;
  auto& message = commit.message;
  message.owner = due_.owner;
  message.channel = "timer";
  message.received_at = moment_.now;
  message.request = "wake " + due_.case_key;
  message.state = store::MessageState::rejected;
  message.rule = gravest_rule(unfit);
  message.outcome = fhir::to_operation_outcome(unfit, parts_.site.canonical);
  parts_.store.commit(
      std::move(commit),
      [self = shared_from_this()](const Result<store::Receipt>& receipt) {
        self->end(receipt ? Error{ErrorCode::fault,
                                  "what would be emitted for a case that time "
                                  "changed is not valid: see the message log"}
                          : receipt.error());
      });
}

// What lies in memory after a failure is not what is stored.
void Wake::end(Status status) {
  if (!status) {
    parts_.shelf.forget(due_.owner, due_.case_key);
    parts_.waking.forget(due_);
  }
  lane_.release();
  ended_(std::move(status));
}

}  // namespace gateway::server
