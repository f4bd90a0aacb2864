#include "billing/judge.h"

#include <algorithm>
#include <utility>

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

Verdict verdict(const Requirement& row, const program::Facts& facts,
                fhirpath::Problem& problem) {
  if (row.kind == program::Kind::attested) {
    const auto* said = facts.attested(row.rule);
    if (said == nullptr) return Verdict::unknown;
    return said->what.holds ? Verdict::met : Verdict::unmet;
  }
  if (!row.require) return Verdict::unknown;
  const auto met = row.require->test(facts, &problem);
  if (!problem.message.empty()) return Verdict::unmet;
  if (!met) return row.missing_is_unmet ? Verdict::unmet : Verdict::unknown;
  return *met ? Verdict::met : Verdict::unmet;
}

// A condition without an answer is never taken for a requirement that is met,
// nor for one that does not apply: it stands unmet until the pack is mended.
std::shared_ptr<const fhir::Finding> not_evaluated(
    const program::Row& row, const fhirpath::Problem& problem) {
  const auto& requirement = *row.requirement;
  const bool budget = problem.kind == fhirpath::ProblemKind::budget;
  return std::make_shared<const fhir::Finding>(fhir::Finding{
      .rule = requirement.rule,
      .severity = severity(requirement.effective_weight()),
      .type = budget ? fhir::IssueType::too_costly : fhir::IssueType::exception,
      .expression = requirement.path,
      .text = "the condition of this rule in the pack " + row.pack->id +
              " could not be evaluated: " + problem.message,
      .seen = "byte " + std::to_string(problem.place) + " of the condition",
      .remedy = "correct the condition in the pack",
      .actor = fhir::Actor::operator_,
      .source = row.source});
}

void fill(Judgement& judged, const program::Row& row,
          const program::Facts& facts, const Subject& subject,
          fhirpath::Problem& problem) {
  const auto& requirement = *row.requirement;
  judged.rule = requirement.rule;
  judged.row = &row;
  judged.weight = requirement.effective_weight();
  judged.gated = requirement.gate.has_value();
  judged.verdict = problem.message.empty()
                       ? verdict(requirement, facts, problem)
                       : Verdict::unmet;
  if (!problem.message.empty()) judged.own = not_evaluated(row, problem);
  if (judged.verdict != Verdict::unmet) return;
  judged.focus = subject.focus;
  // A rejected line is dropped with a finding; nobody has a task for it. Nor
  // for evidence that a site only wants to see.
  if (requirement.gate != Weight::warn) judged.task = requirement.task;
  if (requirement.seen) judged.seen = facts.text(*requirement.seen);
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

fhir::Finding Judgement::finding() const {
  if (own != nullptr) return *own;
  const auto& requirement = *row->requirement;
  return {.rule = requirement.rule,
          .severity = severity(weight),
          .type = fhir::IssueType::business_rule,
          .expression = requirement.path,
          .text = requirement.text,
          .seen = seen,
          .wanted = requirement.wanted,
          .remedy = requirement.remedy,
          .actor = requirement.actor,
          .source = row->source};
}

std::string_view Judgement::text() const {
  return own != nullptr ? std::string_view(own->text)
                        : std::string_view(row->requirement->text);
}

std::vector<Judgement> judge(const program::Policy& policy,
                             program::Facts& facts, const Subject& subject) {
  const auto& rows = policy.rows_of(subject.subject);
  std::vector<Judgement> judged;
  judged.reserve(rows.size());
  const program::PolicyPack* pack = nullptr;
  for (const auto& row : rows) {
    if (row.pack != pack) {
      pack = row.pack;
      facts.set(
          program::Fact::policy_stale,
          subject.day && pack->stale_from && *pack->stale_from <= *subject.day);
    }
    const auto& when = row.requirement->when;
    fhirpath::Problem problem;
    if (when && when->test(facts, &problem) != true &&
        problem.message.empty()) {
      continue;
    }
    fill(judged.emplace_back(), row, facts, subject, problem);
  }
  return judged;
}

std::vector<std::string> evidence(const Judgement& judged,
                                  const program::Facts& facts) {
  std::vector<std::string> found;
  if (judged.row == nullptr) return found;
  if (judged.row->requirement->kind == program::Kind::attested) {
    const auto* said = facts.attested(judged.rule);
    if (said != nullptr) found.push_back(said->source->versioned());
  }
  const auto reads = [&](const std::optional<program::Predicate>& predicate,
                         program::Fact fact) {
    if (!predicate) return false;
    const auto& all = predicate->reads();
    return std::find(all.begin(), all.end(), fact) != all.end();
  };
  // What makes a row apply is a ground of it, too.
  const auto& row = *judged.row->requirement;
  for (const auto& one : facts.evidence()) {
    if (!reads(row.require, one.fact) && !reads(row.when, one.fact)) continue;
    found.push_back(one.source->versioned());
  }
  return found;
}

Judgement own(const Own& rule, std::string focus, std::string seen,
              std::string wanted) {
  Judgement judged;
  judged.rule = rule.rule;
  judged.weight = rule.task.empty() ? Weight::warn : Weight::hold;
  judged.task = rule.task;
  judged.focus = std::move(focus);
  if (wanted.empty()) wanted = rule.wanted;
  judged.own = std::make_shared<const fhir::Finding>(
      fhir::Finding{.rule = std::string(rule.rule),
                    .severity = severity(judged.weight),
                    .type = fhir::IssueType::business_rule,
                    .expression = std::string(rule.path),
                    .text = std::string(rule.text),
                    .seen = std::move(seen),
                    .wanted = std::move(wanted),
                    .remedy = std::string(rule.remedy),
                    .actor = rule.actor});
  return judged;
}

}  // namespace gateway::billing
