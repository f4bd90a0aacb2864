#include "billing/judge.h"

namespace gateway::billing {
namespace {

using program::Requirement;
using program::Weight;

fhir::Severity severity(Weight weight) {
  switch (weight) {
    case Weight::reject:
    case Weight::hold:
      return fhir::Severity::error;
    case Weight::warn:
      return fhir::Severity::warning;
    case Weight::info:
      return fhir::Severity::information;
  }
  return fhir::Severity::information;
}

Verdict verdict(const Requirement& row, const program::Facts& facts) {
  if (!row.require) return Verdict::unknown;
  const auto met = row.require->test(facts);
  if (!met) return row.missing_is_unmet ? Verdict::unmet : Verdict::unknown;
  return *met ? Verdict::met : Verdict::unmet;
}

std::vector<std::string> evidence(const Requirement& row,
                                  const program::Facts& facts) {
  std::vector<std::string> found;
  if (!row.require) return found;
  for (const auto& one : facts.evidence()) {
    for (const auto fact : row.require->reads()) {
      if (fact != one.fact) continue;
      found.push_back(one.source->versioned());
      break;
    }
  }
  return found;
}

Judgement judgement(const Requirement& row, const program::Facts& facts,
                    const Subject& subject) {
  Judgement judged;
  judged.rule = row.rule;
  judged.weight = row.effective_weight();
  judged.verdict = verdict(row, facts);
  judged.focus = subject.focus;
  // A rejected line is dropped with a finding; nobody has a task for it.
  judged.task = row.task;
  judged.evidence = evidence(row, facts);
  judged.finding = {.rule = row.rule,
                    .severity = severity(judged.weight),
                    .type = fhir::IssueType::business_rule,
                    .expression = row.path,
                    .text = row.text,
                    .seen = row.seen ? facts.text(*row.seen) : std::string(),
                    .wanted = row.wanted,
                    .remedy = row.remedy,
                    .actor = row.actor,
                    .source = row.source};
  return judged;
}

}  // namespace

std::string_view code(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "met";
    case Verdict::unmet:
      return "unmet";
    case Verdict::unknown:
      return "unknown";
    case Verdict::waived:
      return "waived";
  }
  return "unknown";
}

std::vector<Judgement> judge(const program::Policy& policy,
                             const program::Facts& facts,
                             const Subject& subject) {
  std::vector<Judgement> judged;
  for (const auto& pack : policy.packs) {
    for (const auto& row : pack->requirements) {
      if (row.subject != subject.subject) continue;
      if (row.when && row.when->test(facts) != true) continue;
      judged.push_back(judgement(row, facts, subject));
    }
  }
  return judged;
}

Judgement own(const Own& rule, std::string focus, std::string seen) {
  Judgement judged;
  judged.rule = rule.rule;
  judged.weight = rule.task.empty() ? Weight::warn : Weight::hold;
  judged.task = rule.task;
  judged.focus = std::move(focus);
  judged.finding = {.rule = std::string(rule.rule),
                    .severity = severity(judged.weight),
                    .type = fhir::IssueType::business_rule,
                    .expression = std::string(rule.path),
                    .text = std::string(rule.text),
                    .seen = std::move(seen),
                    .wanted = std::string(rule.wanted),
                    .remedy = std::string(rule.remedy),
                    .actor = rule.actor};
  return judged;
}

}  // namespace gateway::billing
