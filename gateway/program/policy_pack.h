// PolicyPack is one source of rules as data: a clinic's procedure, a payer's
// policy, a jurisdiction's rule. It is read from YAML and checked as a whole: a
// pack with an unknown fact, a type error or a knob out of range is not a pack.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "base/yaml.h"
#include "fhir/outcome.h"
#include "program/knobs.h"
#include "program/predicate.h"

namespace gateway::program {

// What an unmet requirement does. `reject` drops a line; on a referral or a
// session it holds, since what was sent is never thrown away.
enum class Weight : std::uint8_t { reject, hold, warn, info };
std::string_view code(Weight weight);

// How a requirement is known to be met: by a predicate, by a person, or not
// at all, since it only informs.
enum class Kind : std::uint8_t { checked, attested, informational };
std::string_view code(Kind kind);

struct Requirement {
  std::string id;    // "A4"
  std::string rule;  // "clinic-work-conditioning/A4"
  Subject subject = Subject::referral;
  Weight weight = Weight::info;
  Kind kind = Kind::informational;
  std::optional<Weight> gate;     // of evidence: warn or hold
  std::optional<Predicate> when;  // else it always applies
  std::optional<Predicate> require;
  bool missing_is_unmet = false;
  bool leaves_encounter_only = false;  // unmet: no line at all
  // Of a referral: each date of service is judged again, by its own facts.
  bool each_date = false;
  bool variant = false;  // the milder half of a row: its warning
  fhir::Actor actor = fhir::Actor::sender;
  std::string task;  // task-code
  std::string path;
  std::optional<Fact> seen;
  std::string text, wanted, remedy, source;
  // Knobs that it rests on, so that packs that contradict it can be named.
  std::vector<std::string> knobs;
  // Rows of other packs that say otherwise: "T11".
  struct Named {
    std::string row;
    std::string place;  // file:line:column
  };
  std::vector<Named> contradicts;
  bool work_conditioning = true, work_hardening = true;
  // What to send and what not, as a partner is shown it: changes to a complete
  // case, by resource, with the JSON of the members that differ.
  std::vector<std::pair<std::string, std::string>> good, bad;
  bool verified = true;
  std::optional<LocalDate> from, to;  // of the row, within its pack's

  [[nodiscard]] bool in_force(LocalDate day) const {
    return (!from || *from <= day) && (!to || day <= *to);
  }

  [[nodiscard]] Weight effective_weight() const {
    return gate ? *gate : weight;
  }
};

struct PolicyPack {
  std::string id;
  std::string version;
  std::string title;
  std::optional<LocalDate> from;
  std::optional<LocalDate> to;
  std::optional<LocalDate> stale_from;  // its own date of review has passed
  bool work_conditioning = true;
  bool work_hardening = true;
  bool composed_into_all = false;
  std::vector<std::string> sources;
  std::string verified_by;
  Knobs knobs;
  std::vector<Requirement> requirements;
  std::string place;  // file:line:column
  // The same pack with its knobs of work hardening, where they differ.
  std::shared_ptr<const PolicyPack> for_hardening;

  [[nodiscard]] bool in_force(LocalDate day) const {
    return (!from || *from <= day) && (!to || day <= *to);
  }
};

// Knobs of a site's `overrides` for one pack, by name.
using Overrides = std::map<std::string, std::string>;

// Errors begin with file:line:column. With a model, which must outlive the
// pack, elements of resources are checked too.
Result<PolicyPack> read_pack(const Yaml& yaml, const Overrides& overrides = {},
                             const fhir::TypeModel* model = nullptr);

}  // namespace gateway::program
