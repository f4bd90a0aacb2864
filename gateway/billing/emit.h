// Emit writes the FHIR R4 bodies of what the gateway gives: each a pure
// function of the plan. `id` is ours; meta is added by whoever stores it.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

// What every body needs. `resolve` turns "@key" of the plan into "Type/id" and
// leaves references alone.
struct Emission {
  std::string base;
  std::string owner;   // the partner to whom tasks go
  std::string device;  // our name in Provenance
  Instant now;
  std::function<std::string(std::string_view)> resolve;
};

// The plan's key of an emitted resource, as its identifier.
std::string plan_identifier(const Emission& emission, std::string_view key);
std::string reference_json(std::string_view reference);
// {"coding":[{"system":...,"code":...}]}
std::string concept_json(std::string_view system, std::string_view code);

struct EncounterBody {
  std::string id;
  std::string status = "finished";
};
std::string encounter_json(const Visit& visit, const EncounterBody& body,
                           const Emission& emission);

std::string episode_json(const EpisodePlan& episode, std::string_view id,
                         const Emission& emission);

// `frequency` is 1, 7 or 8; `prior` the claim that a 7 or 8 replaces, with the
// payer's number for it, where known. `created` stays over versions.
struct ClaimBody {
  std::string id;
  std::string key;
  std::string status;
  std::string frequency = "1";
  std::string prior;
  std::string payer_number;
  std::string created;
};
std::string claim_json(const ClaimPlan& claim, const ClaimBody& body,
                       const Emission& emission);
// A claim that takes the content of an emitted one: a void, or one whose
// status alone changes. `body` says what differs.
std::string claim_like(std::string_view emitted, const ClaimBody& body,
                       const Emission& emission);
// The same services and money in one text, as an emitted claim is read.
std::string financial_text(const ClaimPlan& claim);

struct TaskBody {
  std::string id;
  std::string status = "requested";
  std::string authored;
  std::string modified;
  // The owner's words, by member, which stay.
  std::vector<std::pair<std::string, std::string>> kept{};
  const program::Escalation* lead = nullptr;  // whose it is now
};
std::string task_json(const TaskPlan& task, const TaskBody& body,
                      const Emission& emission);

// Into which state of its life cycle something came, and by which rule.
struct Transition {
  std::string state;
  std::string reason;  // empty: nothing speaks against it
  auto operator<=>(const Transition&) const = default;
};

struct ProvenanceBody {
  std::string id;
  std::vector<std::string> targets;  // versioned
  std::vector<std::string> inputs;   // versioned
  std::vector<std::string> policies;
  // Of the targets, each in its own life cycle; the last state is where a
  // target now is.
  std::vector<std::string> states{};
  std::vector<std::string> reasons{};
};
std::string provenance_json(const ProvenanceBody& body,
                            const Emission& emission);

// Local code of a local system, as "https://.../CodeSystem/task-code".
std::string local_system(const Emission& emission, std::string_view name);
std::string money_json(const Decimal& amount);
// A quantity in thousandths, as a decimal without needless zeros.
std::string quantity_text(std::int64_t thousandths);

}  // namespace gateway::billing
