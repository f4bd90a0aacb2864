// TaskStep is how a Task goes on from what it was: kept, escalated when nobody
// answers, taken up again when the answer did not remove the cause.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "billing/emit.h"
#include "billing/plan.h"
#include "billing/reach.h"

namespace gateway::billing {

// Why the gateway itself ended a Task: Task.statusReason.text.
constexpr std::string_view kCauseGone = "the cause is gone";
constexpr std::string_view kWithdrawn = "what it was about was withdrawn";

// Ended by whoever owns it, not by the gateway.
bool ended_by_owner(const episode::Emitted& task);

// It went to the site's lead already.
bool escalated(const episode::Emitted& task);

// Ended by its owner, and what is found only warns and was known then: somebody
// has looked at it, so it is not asked again.
bool acknowledges(const episode::Emitted& task, const TaskPlan& plan);

// The members of the Task that are its owner's words, with their JSON: "note",
// and "output" while it stands.
std::vector<std::pair<std::string, std::string>> kept_words(
    const episode::Emitted& task, const episode::Case& facts);

// What stays of the Task that was there; a new one without. The id is for the
// caller to give.
TaskBody next_body(const episode::Emitted* earlier, const episode::Case& facts,
                   const std::string& now);

// Whether the sender took back what the Task is about.
bool withdrawn(const std::string& focus, const episode::Case& facts);

// A Task that the gateway ends.
struct TaskEnd {
  std::string status;
  std::string_view reason;
  Instant now;
};
std::string ended_task_json(const episode::Emitted& task, const TaskEnd& end,
                            const episode::Case& facts);

// Whether the Task goes to the site's lead, now or at some later instant:
// nobody took it up in time. Once with the lead, it stays there.
struct EscalationTurn {
  const program::Escalation* lead = nullptr;
  std::optional<Instant> when;
};
EscalationTurn escalation_of(const TaskBody& body,
                             const episode::Emitted* earlier,
                             const program::Programs& programs, Instant now);

// The tasks of the plan that were reached, and those of `waiting`, which no
// visit bears.
std::vector<TaskPlan> reached_tasks(const Plan& plan, const Reach& reach,
                                    const std::vector<Judgement>& waiting);

}  // namespace gateway::billing
