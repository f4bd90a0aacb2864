#include "server/pipeline.h"

#include <utility>

#include "episode/read.h"
#include "server/turn.h"

namespace gateway::server {

namespace {

// For what is no turn, but uses the parts until its commit has ended.
std::shared_ptr<UnderWay::Mark> marked(const Parts& parts) {
  return std::make_shared<UnderWay::Mark>(parts.under_way);
}

}  // namespace

exchange::Here here(const Parts& parts) {
  return {parts.clock(), parts.editions.current()->programs.zone()};
}

void Pipeline::write(Incoming incoming, Answer answer) {
  std::make_shared<Turn>(parts_, std::move(incoming), std::move(answer))
      ->begin();
}

void Pipeline::reject(Incoming incoming, const exchange::Refusal& refusal,
                      Answer answer) {
  store::Commit commit;
  commit.message = received(incoming);
  auto response = exchange::refusal_answer(refusal, parts_.site, incoming.body);
  commit.message.outcome =
      fhir::to_operation_outcome(refusal.outcome, parts_.site.canonical);
  ended(commit.message, store::MessageState::rejected, refusal.outcome,
        response);
  parts_.store.commit(
      std::move(commit),
      [mark = marked(parts_), &site = parts_.site, answer = std::move(answer),
       response = std::move(response)](const Result<store::Receipt>& receipt) {
        answer(receipt ? response : unavailable(receipt.error(), site));
      });
}

void Pipeline::record(const transport::EdgeRefusal& refusal,
                      std::string content) {
  store::Commit commit;
  auto& message = commit.message;
  message.channel = "edge";
  message.received_at = refusal.at;
  message.peer = refusal.peer;
  message.request = refusal.head;
  message.content = std::move(content);
  message.state = store::MessageState::refused;
  // "edge/bad-host: why"
  const auto colon = refusal.reason.find(": ");
  message.rule = refusal.reason.substr(0, colon);
  message.status = refusal.status;
  fhir::Outcome outcome;
  outcome.add({.rule = message.rule,
               .severity = fhir::Severity::fatal,
               .text = colon == std::string::npos
                           ? refusal.reason
                           : refusal.reason.substr(colon + 2)});
  message.outcome = fhir::to_operation_outcome(outcome, parts_.site.canonical);
  parts_.store.commit(std::move(commit), [mark = marked(parts_)](
                                             const Result<store::Receipt>&) {});
}

// In the lane of each claim's case, so that no claim changes between the look
// at its version and the record that this version was pulled.
void Pipeline::send_pulled(exchange::ReadAnswer read,
                           std::function<void()> again, Answer answer) {
  std::vector<std::string> lanes;
  for (const auto& pending : read.pulls) {
    lanes.push_back(case_lane(pending.pull.owner, pending.case_key));
  }
  auto pulled = std::make_shared<PulledRead>(PulledRead{
      marked(parts_), std::move(read), std::move(again), std::move(answer)});
  parts_.lanes.enter(std::move(lanes), [this, pulled](Lanes::Lease lease) {
    commit_pulls(pulled, std::move(lease));
  });
}

void Pipeline::commit_pulls(const std::shared_ptr<PulledRead>& pulled,
                            Lanes::Lease lease) {
  store::Commit commit;
  commit.message.channel = "pull";
  commit.message.received_at = parts_.clock();
  for (const auto& [pull, case_key] : pulled->read.pulls) {
    const auto current = parts_.store.read(store::Scope::of(pull.owner),
                                           pull.claim, std::nullopt);
    if (!current) {
      return pulled->answer(unavailable(current.error(), parts_.site));
    }
    if (!*current || (*current)->version != pull.version) {
      lease.release();
      return pulled->again();
    }
    commit.message.owner = pull.partner;
    commit.pulls.push_back(pull);
    // What a replacement or void leaves to others is free once it went out,
    // and each claim that went out says so in its Provenance.
    const auto hour =
        parts_.waking.note({pull.owner, case_key}, parts_.clock());
    if (hour) commit.dependents.push_back({*hour, case_key, pull.owner});
  }
  auto held = std::make_shared<Lanes::Lease>(std::move(lease));
  parts_.store.commit(
      std::move(commit),
      [this, pulled, held](const Result<store::Receipt>& receipt) {
        note_pulls(*pulled, receipt);
        held->release();
        pulled->answer(receipt ? std::move(pulled->read.response)
                               : unavailable(receipt.error(), parts_.site));
      });
}

void Pipeline::note_pulls(const PulledRead& pulled,
                          const Result<store::Receipt>& receipt) {
  for (const auto& [pull, case_key] : pulled.read.pulls) {
    const auto known = parts_.shelf.on_shelf(pull.owner, case_key);
    if (!known || !receipt) continue;
    known->facts.apply_pull(pull.claim.text(), pull.version, pull.partner,
                            pull.at);
  }
}

std::string case_lane(const std::string& owner, const std::string& case_key) {
  return "2 " + owner + " " + case_key;
}

transport::Response unavailable(const Error& error,
                                const exchange::Site& site) {
  return exchange::refusal_answer(exchange::refusal_of(error), site);
}

}  // namespace gateway::server
