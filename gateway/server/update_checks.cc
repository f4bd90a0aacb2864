#include "server/update_checks.h"

#include <charconv>
#include <string_view>
#include <utility>

#include "server/parking.h"
#include "server/waiting_keys.h"

namespace gateway::server {
namespace {

constexpr int kMostSteps = 8;  // a replay of a release of a replay ...

fhir::Finding finding_of(const exchange::WriteEntry& entry) {
  return {.rule = "v2/overtaken",
          .severity = fhir::Severity::warning,
          .type = fhir::IssueType::conflict,
          .expression = entry.expression,
          .text = "a later message changed it since this one came",
          .wanted = "the last word on it",
          .remedy =
              "nothing, if the later message is right: it stands, and "
              "what this one says of it is left out; else send it anew",
          .actor = fhir::Actor::operator_};
}

fhir::Finding refusing(fhir::Finding finding) {
  finding.remedy =
      "if the later message is right, cancel the Task of this one; else send "
      "this one anew, with a new control id, and cancel the Task";
  return finding;
}

// 0 for what is no number.
store::Sequence behind(std::string_view peer, std::string_view origin) {
  store::Sequence sequence = 0;
  if (!peer.starts_with(origin)) return sequence;
  peer.remove_prefix(origin.size());
  (void)std::from_chars(peer.data(), peer.data() + peer.size(), sequence);
  return sequence;
}

// When the message that wrote it came first: what the log brings once more
// says what it said then.
Result<store::Sequence> arrival_of(store::Sequence sequence,
                                   store::Store& store) {
  for (int i = 0; i < kMostSteps; ++i) {
    const auto message = store.message(store::Scope::all(), sequence);
    if (!message) return message.error();
    if (!*message) return sequence;  // pruned
    const auto& peer = (*message)->message.peer;
    const auto origin =
        behind(peer, store::kReleaseOf) + behind(peer, store::kReplayOf);
    if (origin <= 0 || origin >= sequence) return sequence;
    sequence = origin;
  }
  return sequence;
}

fhir::Finding closed_by_hand(const exchange::WriteEntry& entry) {
  return {.rule = "task/parked",
          .type = fhir::IssueType::business_rule,
          .expression = entry.expression + ".status",
          .text =
              "the Task stands for a message that waits, and is completed "
              "when that has its effect",
          .wanted = "\"cancelled\", or a status that is still open",
          .remedy =
              "remove what the message waits for; or cancel the Task, "
              "which gives the message up"};
}

bool is_closed_by_hand(const ResolvedEntry& slot) {
  const auto stored = JsonDocument::parse(slot.current->body);
  if (!stored || !is_parking(stored->root()) || !is_open(stored->root())) {
    return false;
  }
  const auto status = slot.document->root().get("status").text();
  return status == "completed" || status == "failed" || status == "rejected";
}

}  // namespace

std::optional<exchange::Refusal> unfit_task(
    const exchange::WriteRequest& request, const Resolved& resolved) {
  fhir::Outcome outcome;
  for (const auto& entry : request.entries) {
    const auto& slot = resolved.entries[entry.position];
    if (entry.interaction.type != "Task" || slot.effect != Effect::update ||
        !slot.current) {
      continue;
    }
    if (is_closed_by_hand(slot)) outcome.add(closed_by_hand(entry));
  }
  if (outcome.empty()) return std::nullopt;
  return exchange::Refusal{.status = 422, .outcome = std::move(outcome)};
}

std::optional<exchange::Refusal> unfit_update(
    const std::vector<Amendment>& amendments, const Resolved& resolved,
    const validate::Intake& intake, Instant now) {
  fhir::Outcome outcome;
  for (const auto& amendment : amendments) {
    const auto& slot = resolved.entries[amendment.position];
    if (slot.effect != Effect::update) continue;
    outcome.merge(intake.judge(*slot.document, now));
  }
  if (outcome.acceptable()) return std::nullopt;
  return exchange::Refusal{.status = 422, .outcome = std::move(outcome)};
}

Result<std::optional<exchange::Refusal>> overtaken(
    const exchange::WriteRequest& request, store::Sequence said,
    store::Store& store, Resolved& resolved) {
  fhir::Outcome refused;
  if (said == 0) return std::optional<exchange::Refusal>();
  const auto since = arrival_of(said, store);
  if (!since) return since.error();
  for (const auto& entry : request.entries) {
    auto& slot = resolved.entries[entry.position];
    if (slot.effect != Effect::update || !slot.current) continue;
    if (slot.current->sequence <= *since) continue;
    const auto wrote = arrival_of(slot.current->sequence, store);
    if (!wrote) return wrote.error();
    if (*wrote <= *since) continue;
    if (waits_by_number(entry.interaction.type)) {
      refused.add(refusing(finding_of(entry)));
      continue;
    }
    slot.effect = Effect::unchanged;
    resolved.told.add(finding_of(entry));
  }
  if (refused.empty()) return std::optional<exchange::Refusal>();
  return std::optional(
      exchange::Refusal{.status = 409, .outcome = std::move(refused)});
}

}  // namespace gateway::server
