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

bool same(const program::Knob& left, const program::Knob& right) {
  return left.text == right.text && left.list == right.list &&
         left.table == right.table;
}

// Where two sources contradict, the finding names both.
std::string contradictions(const program::Policy& policy,
                           const program::PolicyPack& pack,
                           const Requirement& row) {
  std::string named;
  for (const auto& name : row.knobs) {
    const auto own = pack.knobs.find(name);
    for (const auto& other : policy.packs) {
      const auto knob = other->knobs.find(name);
      if (other.get() == &pack || knob == other->knobs.end()) continue;
      if (own != pack.knobs.end() && same(own->second, knob->second)) continue;
      named += "; otherwise " + other->id + " " + name + " (" +
               knob->second.source + ")";
    }
  }
  return named;
}

Judgement judgement(const Requirement& row, const program::Facts& facts,
                    const Subject& subject) {
  Judgement judged;
  judged.rule = row.rule;
  judged.weight = row.effective_weight();
  judged.gated = row.gate.has_value();
  judged.verdict = verdict(row, facts);
  judged.focus = subject.focus;
  // A rejected line is dropped with a finding; nobody has a task for it. Nor
  // for evidence that a site only wants to see.
  if (row.gate != Weight::warn) judged.task = row.task;
  judged.evidence = evidence(row, facts);
  // What is met needs no words but its own: most of a case is met.
  judged.finding.text = row.text;
  judged.finding.source = row.source;
  if (judged.verdict != Verdict::unmet) return judged;
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
                             program::Facts& facts, const Subject& subject) {
  std::vector<Judgement> judged;
  for (const auto& pack : policy.packs) {
    facts.set(
        program::Fact::policy_stale,
        subject.day && pack->stale_from && *pack->stale_from <= *subject.day);
    for (const auto& row : pack->requirements) {
      if (row.subject != subject.subject) continue;
      if (row.when && row.when->test(facts) != true) continue;
      judged.push_back(judgement(row, facts, subject));
      if (judged.back().verdict == Verdict::unmet) {
        judged.back().finding.source += contradictions(policy, *pack, row);
      }
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
