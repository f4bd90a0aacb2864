// Judge applies the requirements of a policy to facts, and makes the findings
// of the rules that are not in packs: ledger, time, references, billing.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

// What of the policy is judged, and what the findings are about.
struct Subject {
  program::Subject subject;
  std::string_view focus;
  std::optional<LocalDate> day;  // on which a pack may be stale
};
std::vector<Judgement> judge(const program::Policy& policy,
                             program::Facts& facts, const Subject& subject);

// Versioned references to what a judgement on these facts rests on.
std::vector<std::string> evidence(const Judgement& judged,
                                  const program::Facts& facts);

// A rule of our own. REQUIRES of rule and task: they outlive the judgement.
struct Own {
  std::string_view rule;
  std::string_view text;
  std::string_view wanted;
  std::string_view remedy;
  std::string_view task;  // empty: a warning
  std::string_view path;
  fhir::Actor actor = fhir::Actor::sender;
};
// `wanted` where it is not that of the rule.
Judgement own(const Own& rule, std::string focus, std::string seen = {},
              std::string wanted = {});

}  // namespace gateway::billing
