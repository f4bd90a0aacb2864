// Reconcile compares the plan with what was emitted before and gives the
// changes between the two. Applied, they make a second run change nothing.
//
// A claim that was pulled is never rewritten: what differs becomes a
// replacement (7) or a void (8), a draft until the payer's number is known.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "billing/emit.h"
#include "billing/plan.h"
#include "billing/posted.h"
#include "billing/reach.h"
#include "fhir/resource.h"

namespace gateway::billing {

// A new resource id on each call.
using IdSource = std::function<std::string()>;

struct Change {
  fhir::ResourceId id;
  std::uint32_t version = 1;  // 1 creates
  std::string status;
  std::string key;  // of the plan; empty for Provenance
  // The outward map that made it, with its hash; empty where none did.
  std::string map;
  std::string body;  // with id, without meta
};

struct Notice {
  std::string topic;  // claim-available, task-changed
  fhir::ResourceId resource;
  std::uint32_t version = 1;
};

struct Changes {
  std::vector<Change> resources;
  std::vector<Entry> ledger;  // appended: reversals, never rewrites
  std::vector<Notice> feed;
  // Open tasks after the changes, "Task/id", with what each is about: of all
  // that was compared.
  struct OpenTask {
    std::string task;
    std::string focus;
    std::string plan_focus;  // "@key" where the focus is of the plan
    std::string plan_key;    // of the task, by that focus
    std::vector<fhir::Finding> findings;
  };
  std::vector<OpenTask> open_tasks;
  std::vector<std::string> closed_tasks;  // "Task/id": by these changes
  // When a task goes to somebody else because nobody answered: time alone
  // changes it then.
  std::optional<Instant> next_change;
  // An outward map could not do its work: nothing of this may be stored.
  std::optional<Error> fault;

  [[nodiscard]] bool empty() const {
    return resources.empty() && ledger.empty();
  }
};

struct Emitting {
  const map::MapSet& maps;  // outward maps make the bodies
  std::string owner;
  std::string sender = owner;  // partner whose message this follows
  Instant now;
  const Posted& posted;
  // What a step of a StandingPlan reached: nothing else is compared. All is
  // where this is null. REQUIRES: what the step before asked for was emitted.
  const Reach* reach = nullptr;
};

Changes reconcile(const Plan& plan, const episode::Case& facts,
                  const program::Programs& programs, const Emitting& emitting,
                  const IdSource& mint);

}  // namespace gateway::billing
