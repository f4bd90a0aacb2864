#include "billing/referral_parts.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "billing/judge.h"
#include "billing/referrals.h"

namespace gateway::billing {
namespace {

using program::Fact;

constexpr Own kMissing{"coverage/missing",
                       "The referral leads to no coverage",
                       "ServiceRequest.insurance that refers to the coverage",
                       "send the coverage of the injury and refer to it",
                       "correct-referral",
                       "ServiceRequest.insurance",
                       fhir::Actor::front_office};
constexpr Own kOtherPatient{
    "coverage/other-patient",
    "The coverage is of another patient than the referral that names it",
    "a coverage whose beneficiary is the referral's patient",
    "refer to the patient's own coverage, or correct its beneficiary",
    "correct-referral",
    "Coverage.beneficiary",
    fhir::Actor::front_office};
constexpr Own kNotActive{"coverage/not-active",
                         "The coverage is not in force",
                         "an active coverage of the injury",
                         "send the coverage that pays for the injury",
                         "correct-referral",
                         "Coverage.status",
                         fhir::Actor::front_office};
constexpr Own kOtherType{"coverage/not-workers-compensation",
                         "The coverage is not one of workers' compensation",
                         "type WCBPOL",
                         "refer to the coverage of the injury",
                         "correct-referral",
                         "Coverage.type",
                         fhir::Actor::front_office};
constexpr Own kNoClaimNumber{
    "coverage/no-claim-number",
    "The coverage lacks the number of the workers' compensation claim",
    "an identifier of type WCN",
    "add the claim number to the coverage",
    "correct-referral",
    "Coverage.identifier",
    fhir::Actor::front_office};
constexpr Own kNoInjuryDate{"coverage/no-injury-date",
                            "No condition says when the injury was",
                            "Condition.onsetDateTime",
                            "send the date of injury",
                            "",
                            "Condition.onset",
                            fhir::Actor::front_office};
constexpr Own kBefore{"coverage/before-start",
                      "The injury was before the coverage began",
                      "a coverage that was in force on the date of injury",
                      "send the coverage that answers for the injury, or "
                      "correct the period or the date of injury",
                      "correct-referral",
                      "Coverage.period.start",
                      fhir::Actor::front_office};
constexpr Own kAfter{"coverage/ended",
                     "The injury was after the coverage ended",
                     "a coverage that was in force on the date of injury",
                     "send the coverage that answers for the injury, or "
                     "correct the period or the date of injury",
                     "correct-referral",
                     "Coverage.period.end",
                     fhir::Actor::front_office};
constexpr Own kServiceOutside{
    "coverage/service-outside",
    "The coverage's period does not reach to the date of service",
    "a period that holds the date of service, or a date of injury in it",
    "ask the carrier whether the policy of the injury still answers",
    "",
    "Coverage.period",
    fhir::Actor::front_office};
constexpr Own kServiceUncovered{
    "coverage/service-outside",
    "The coverage's period does not reach to the date of service, and no date "
    "of injury says that it answers all the same",
    "a period that holds the date of service, or a date of injury in it",
    "send the date of injury, or the coverage that answers for it",
    "review-session",
    "Coverage.period",
    fhir::Actor::front_office};
constexpr Own kConditionOfOther{
    "condition/other-patient",
    "The condition is of another patient than the referral that names it",
    "a condition whose subject is the referral's patient",
    "refer to the patient's own condition, or correct its subject",
    "correct-referral",
    "Condition.subject",
    fhir::Actor::front_office};
constexpr Own kConditionWithdrawn{
    "condition/withdrawn",
    "The condition that the referral names does not stand",
    "a condition that is neither refuted nor entered in error",
    "refer to the condition that is treated",
    "correct-referral",
    "Condition.verificationStatus",
    fhir::Actor::front_office};

constexpr Own kCode{"condition/code",
                    "This is no whole code of ICD-10-CM",
                    "a code as S39.012D: a letter, a digit, up to five more; "
                    "for an injury (S) all seven",
                    "send the whole code",
                    "correct-referral",
                    "Condition.code",
                    fhir::Actor::front_office};
constexpr Own kExternalCause{
    "condition/external-cause",
    "The first diagnosis is an external cause, which never stands first",
    "the injury or illness that is treated, as the first diagnosis",
    "put the condition that is treated first",
    "correct-referral",
    "ServiceRequest.reasonReference",
    fhir::Actor::front_office};

// The form alone: which codes there are is the business of the packs' tables.
bool is_whole_code(std::string_view code) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  std::string bare(code);
  if (code.size() > 3 && code[3] == '.') bare.erase(3, 1);
  if (bare.size() < 3 || bare.size() > 7) return false;
  if (!letter(bare[0]) || !digit(bare[1])) return false;
  const bool plain = std::all_of(bare.begin(), bare.end(),
                                 [&](char c) { return digit(c) || letter(c); });
  // A dot stands behind the third character, wherever there are more.
  const bool dotted = code.size() != bare.size();
  const bool no_tail = dotted && bare.size() == 3;
  return plain && !no_tail && (bare[0] != 'S' || bare.size() == 7);
}

// Chapter 20: V, W, X and Y.
bool is_external_cause(std::string_view code) {
  return !code.empty() && code[0] >= 'V' && code[0] <= 'Y';
}

bool is_of(const std::string& owner, const std::string& patient) {
  return owner.empty() || patient.empty() || owner == patient;
}

std::string period_text(const episode::Coverage& coverage) {
  const auto text = [](const std::optional<LocalDate>& date) {
    return date ? date->text() : std::string("open");
  };
  return text(coverage.from) + " to " + text(coverage.to);
}

bool begins_after(const episode::Coverage& coverage, LocalDate date) {
  return coverage.from && date < *coverage.from;
}

bool ends_before(const episode::Coverage& coverage, LocalDate date) {
  return coverage.to && *coverage.to < date;
}

void judge_period(const ReferralView& view, std::vector<Judgement>& judged) {
  if (!view.injury) return;
  const auto& coverage = *view.coverage;
  const auto& focus = view.order->source.key;
  auto seen = view.injury->text() + ", coverage " + period_text(coverage);
  if (begins_after(coverage, *view.injury)) {
    judged.push_back(own(kBefore, focus, std::move(seen)));
  } else if (ends_before(coverage, *view.injury)) {
    judged.push_back(own(kAfter, focus, std::move(seen)));
  }
}

void judge_condition(const episode::Diagnosis& diagnosis,
                     const ReferralView& view, std::string seen,
                     std::vector<Judgement>& judged) {
  const auto& focus = view.order->source.key;
  if (!is_of(diagnosis.patient, view.patient)) {
    judged.push_back(
        own(kConditionOfOther, focus, diagnosis.patient, view.patient));
  }
  if (diagnosis.withdrawal.empty()) return;
  seen += " " + diagnosis.withdrawal;
  judged.push_back(own(kConditionWithdrawn, focus, std::move(seen)));
}

}  // namespace

bool counts_for(const episode::Diagnosis& diagnosis,
                const std::string& patient) {
  return diagnosis.withdrawal.empty() && is_of(diagnosis.patient, patient);
}

std::vector<Judgement> judge_coverage(const episode::Case& facts,
                                      const ReferralView& view,
                                      InPolicy in_policy) {
  const auto& focus = view.order->source.key;
  if (view.coverage == nullptr) return {own(kMissing, focus)};
  const auto& coverage = *view.coverage;
  Judgement pattern;
  pattern.task = "correct-referral";
  pattern.focus = focus;
  auto judged = unresolved(facts, coverage.references, pattern);
  if (!is_of(coverage.patient, view.patient)) {
    judged.push_back(own(kOtherPatient, focus, coverage.patient, view.patient));
  }
  if (!coverage.status.empty() && coverage.status != "active") {
    judged.push_back(own(kNotActive, focus, coverage.status));
  }
  if (view.facts.value(Fact::coverage_workers_compensation) != 1 &&
      !in_policy(view, Fact::coverage_workers_compensation)) {
    judged.push_back(own(kOtherType, focus, coverage.type));
  }
  if (coverage.claim_number.empty() &&
      !in_policy(view, Fact::coverage_has_claim_number)) {
    judged.push_back(own(kNoClaimNumber, focus));
  }
  if (!view.injury && !in_policy(view, Fact::coverage_has_injury_date)) {
    judged.push_back(own(kNoInjuryDate, focus));
  }
  judge_period(view, judged);
  return judged;
}

std::vector<Judgement> judge_conditions(const episode::Case& facts,
                                        const ReferralView& view) {
  std::vector<Judgement> judged;
  for (const auto& key : view.order->conditions) {
    const auto found = facts.conditions().find(key);
    if (found == facts.conditions().end()) continue;
    judge_condition(found->second.diagnosis, view, key, judged);
  }
  for (const auto& diagnosis : view.order->diagnoses) {
    judge_condition(diagnosis, view, diagnosis.icd10, judged);
  }
  const auto& focus = view.order->source.key;
  for (const auto& code : view.diagnoses) {
    if (!is_whole_code(code)) judged.push_back(own(kCode, focus, code));
  }
  if (!view.diagnoses.empty() && is_external_cause(view.diagnoses.front())) {
    judged.push_back(own(kExternalCause, focus, view.diagnoses.front()));
  }
  return judged;
}

std::optional<Judgement> coverage_on(const ReferralView& view, LocalDate date,
                                     const std::string& focus) {
  if (view.coverage == nullptr) return std::nullopt;
  const auto& coverage = *view.coverage;
  if (!begins_after(coverage, date) && !ends_before(coverage, date)) {
    return std::nullopt;
  }
  const auto& rule = view.injury ? kServiceOutside : kServiceUncovered;
  return own(rule, focus, date.text() + ", coverage " + period_text(coverage));
}

}  // namespace gateway::billing
