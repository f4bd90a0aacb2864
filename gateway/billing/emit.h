// Emit makes the FHIR R4 bodies of what the gateway gives: each a pure function
// of the plan and of the outward maps (mappings/emit), which alone say what the
// bodies look like. `id` is ours; meta is added by whoever stores it.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "billing/plan.h"
#include "map/outward.h"

namespace gateway::billing {

// What every body needs. `resolve` turns "@key" of the plan into "Type/id" and
// leaves references alone.
struct Emission {
  const map::MapSet& maps;
  std::string base;
  std::string owner;   // the partner to whom tasks go, whose overlay holds
  std::string device;  // our name in Provenance
  Instant now;
  std::function<std::string(std::string_view)> resolve;
  // Filled, where somebody asks where each value of a body comes from.
  map::EmissionProof* proof = nullptr;
};

// The body that the map in force makes of a document.
Result<std::string> emitted(const map::Document& document,
                            const Emission& emission);

// The plan's key of an emitted resource, as its identifier.
std::string plan_identifier(const Emission& emission, std::string_view key);
std::string reference_json(std::string_view reference);
// {"coding":[{"system":...,"code":...}]}
std::string concept_json(std::string_view system, std::string_view code);

struct EncounterBody {
  std::string id;
  std::string status = "finished";
};
Result<std::string> encounter_json(const Visit& visit,
                                   const EncounterBody& body,
                                   const Emission& emission);

Result<std::string> episode_json(const EpisodePlan& episode,
                                 std::string_view id, const Emission& emission);

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
Result<std::string> claim_json(const ClaimPlan& claim, const ClaimBody& body,
                               const Emission& emission);
// A claim that takes the content of an emitted one: a void. `body` says what
// differs.
Result<std::string> claim_like(std::string_view emitted, const ClaimBody& body,
                               const Emission& emission);
// The same services and money in one text, as an emitted claim is read.
std::string financial_text(const ClaimPlan& claim);
// That text as `chain`, the emitted claims of its key, is to be compared with:
// where a pulled one says something else, as the maps in force would write it,
// since a site may say more of a line than the plan does.
Result<std::string> wanted_financial(
    const ClaimPlan& claim, const std::vector<const episode::Emitted*>& chain,
    const episode::Case& facts, const Emission& emission);

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

// Whose doing a change is, where it is not that of the message's sender.
struct Doing {
  std::string partner;
  std::optional<Instant> at;
  auto operator<=>(const Doing&) const = default;
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
  std::vector<std::string> maps{};  // identities
  Doing doing{};
};
Result<std::string> provenance_json(const ProvenanceBody& body,
                                    const Emission& emission);

// A body under another status.
std::string with_status(std::string_view body, std::string_view status);

// Local code of a local system, as "https://.../CodeSystem/task-code".
std::string local_system(const Emission& emission, std::string_view name);
// A document of `type` to fill and emit. It is the thread's own: one at a time.
map::Document& blank(const map::DocumentType& type, const Emission& emission);
// A quantity in thousandths, as a decimal without needless zeros.
std::string quantity_text(std::int64_t thousandths);

}  // namespace gateway::billing
