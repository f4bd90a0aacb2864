#include "billing/lines.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <initializer_list>
#include <map>
#include <set>

#include "billing/extras.h"
#include "billing/judge.h"
#include "billing/parties.h"
#include "billing/plan_of_care.h"

namespace gateway::billing {
namespace {

using episode::Session;
using program::Fact;

constexpr Own kNoFee{
    "billing/no-fee",      "There is no fee for a code of the claim",
    "a fee for each code", "set the fee of the code",
    "review-claim",        "Claim.item.unitPrice",
    fhir::Actor::biller};
constexpr Own kNoDiagnosis{"billing/no-diagnosis",
                           "The referral names no ICD-10-CM diagnosis",
                           "a diagnosis",
                           "add the diagnosis to the referral",
                           "review-claim",
                           "Claim.diagnosis",
                           fhir::Actor::front_office};
constexpr Own kNoInjury{"billing/no-injury-date",
                        "The claim has no date of injury",
                        "Condition.onsetDateTime, or the injury's date",
                        "send the date of injury",
                        "review-claim",
                        "Claim.accident.date",
                        fhir::Actor::front_office};
constexpr Own kLate{"billing/late",
                    "The session came after the last day to bill it",
                    "sessions that arrive before the payer's deadline",
                    "bill at once, and ask the payer for an exception",
                    "",
                    "Procedure.performed",
                    fhir::Actor::biller};
constexpr Own kUnverified{"billing/unverified",
                          "The bill rests on a rule that nobody has verified",
                          "a verified source, or the site's acceptance",
                          "verify the pack, or accept unverified rules",
                          "review-claim",
                          "Claim.item",
                          fhir::Actor::operator_};
constexpr Own kUnlikely{"billing/mue",
                        "More units than this payer's unlikely-edit allows",
                        "units within the edit",
                        "review the session's times",
                        "review-claim",
                        "Claim.item.quantity",
                        fhir::Actor::biller};
constexpr Own kTie{"billing/tie",
                   "The payer's rule does not settle these minutes",
                   "minutes that are no exact half",
                   "",
                   "",
                   "Claim.item.quantity",
                   fhir::Actor::biller};

constexpr Own kNotBilled{
    "billing/treatment-not-billed",
    "Other treatment of the day makes no line of the claim",
    "a code that may be billed beside the program, for 8 minutes or more, in "
    "all for less than the payer's limit",
    "record it as part of the program, or bill it elsewhere if the payer pays "
    "for it",
    "",
    "Procedure.code",
    fhir::Actor::biller};
constexpr Own kShared{
    "billing/assistant-shared",
    "A therapist and an assistant each held a part of the day; its lines bear "
    "the assistant's modifier and share",
    "a payer's rule for days that both held",
    "ask the payer which units the modifier is for, and correct the performers",
    "",
    "Claim.item.modifier",
    fhir::Actor::biller};

constexpr std::string_view kCapacityEvaluation = "97750";

bool is_evaluation(std::string_view code) {
  return code.size() == 5 && code >= "97161" && code <= "97168";
}

// A row that is not met for the sake of other codes of the day.
bool speaks_of_treatment(const Judgement& one) {
  constexpr std::array kFacts = {
      Fact::session_treatments, Fact::session_other_codes,
      Fact::session_evaluation_codes, Fact::session_extra_minutes};
  if (one.verdict != Verdict::unmet || one.row == nullptr) return false;
  const auto& require = one.row->requirement->require;
  if (!require) return false;
  const auto& reads = require->reads();
  return std::find_first_of(reads.begin(), reads.end(), kFacts.begin(),
                            kFacts.end()) != reads.end();
}

class LineMaker {
 public:
  LineMaker(const episode::Case& facts, const program::Programs& programs,
            const ReferralView& view, Visit& visit)
      : case_(facts), programs_(programs), view_(view), visit_(visit) {}

  void make() {
    if (visit_.units.first == 0) return;
    program_lines();
    extra_lines();
    for (auto& line : visit_.lines) price(line);
    check_case();
    const auto& rules = visit_.policy->rules;
    if (!rules.unverified.empty() && !programs_.site().accept_unverified) {
      hold(kUnverified, rules.unverified.front());
    }
    const auto* plan = visit_.plan_of_care;
    if (plan != nullptr && !plan->unverified.empty() &&
        !programs_.site().accept_unverified) {
      hold(kUnverified, plan->unverified);
    }
    if (visit_.units.tie) hold(kTie);
    if (by_assistant() && shared() && !rules.assistant_modifier.empty()) {
      hold(kShared);
    }
    check_deadline();
    check_units();
  }

 private:
  std::string focus() const { return "@" + visit_.claim_key; }

  void hold(const Own& rule, std::string seen = {}) {
    visit_.billing.push_back(own(rule, focus(), std::move(seen)));
  }

  void add(std::string_view code, std::int64_t quantity) {
    const auto& rules = visit_.policy->rules;
    Line line;
    line.code = code;
    line.date = visit_.date;
    line.quantity = quantity;
    line.minutes = visit_.time.minutes;
    line.rule = rules.unit_rule_pack + "/unitRule";
    line.source = rules.unit_rule_source;
    line.encounter =
        visit_.own_encounter.empty() ? "@" + visit_.key : visit_.own_encounter;
    visit_.lines.push_back(std::move(line));
  }

  void program_lines() {
    const auto& rules = visit_.policy->rules;
    add(episode::kFirstHours, visit_.units.first * 1000);
    if (visit_.units.further > 0) {
      add(episode::kFurtherHours, visit_.units.further);
    }
    for (auto& line : visit_.lines) {
      line.modifiers = rules.modifiers;
      modify_by_people(line);
      if (visit_.units.reduced) line.modifiers.emplace_back("52");
    }
  }

  // Whose plan of care it is, then who carried it out.
  void modify_by_people(Line& line) const {
    const auto* plan = visit_.plan_of_care;
    if (plan != nullptr) line.modifiers.push_back(plan->modifier);
    const auto& assistant = visit_.policy->rules.assistant_modifier;
    if (by_assistant() && !assistant.empty()) {
      line.modifiers.push_back(assistant);
    }
  }

  void extra_lines() {
    for (const auto& [code, extra] : extras_of(visit_)) {
      if (extra.units == 0) continue;
      add(code, extra.units * 1000);
      modify_by_people(visit_.lines.back());
      visit_.lines.back().minutes = extra.minutes;
      visit_.lines.back().rule = visit_.policy->main_pack()->id + "/O34";
    }
    left_out();
  }

  // What a row of the policy speaks of needs no second word.
  void left_out() {
    const auto& judged = visit_.judgements;
    if (std::any_of(judged.begin(), judged.end(), speaks_of_treatment)) return;
    std::set<std::string_view> left;
    for (const auto* extra : visit_.extras) left.insert(extra->code);
    for (const auto& line : visit_.lines) left.erase(line.code);
    for (const auto code : left) hold(kNotBilled, std::string(code));
  }

  bool by_assistant() const {
    const auto& all = visit_.performers;
    return std::any_of(all.begin(), all.end(), [](const auto& one) {
      return is_assistant(one.function);
    });
  }

  // Whether a part of the day was held without an assistant.
  bool shared() const {
    const auto& all = visit_.segments;
    return std::any_of(all.begin(), all.end(), [](const auto* segment) {
      const auto& people = segment->performers;
      return !people.empty() &&
             std::none_of(people.begin(), people.end(), [](const auto& one) {
               return is_assistant(one.function);
             });
    });
  }

  // The site's fee; else what the packs say of an hour of the program.
  std::optional<Decimal> full_fee(const Line& line) const {
    const auto fee = programs_.fee(view_.payer, line.code);
    const auto& hourly = visit_.policy->rules.hourly_rate;
    if (fee || !hourly) return fee;
    if (line.code == episode::kFirstHours) return hourly->times(Decimal(2));
    if (line.code == episode::kFurtherHours) return hourly;
    return std::nullopt;
  }

  void price(Line& line) {
    auto fee = full_fee(line);
    const auto share = visit_.policy->rules.assistant_percent;
    if (fee && by_assistant()) fee = fee->times(Decimal(share, 5));
    if (!fee) {
      hold(kNoFee, line.code);
      return;
    }
    line.unit_price = fee->rounded(2);
    // Of the price as it stands on the claim, so that the line adds up.
    const auto net = line.unit_price->times(Decimal(line.quantity, 3));
    line.net = net ? net->rounded(2) : std::nullopt;
  }

  // Where a pack adopts the unlikely-edit, true units wait; they are never cut.
  void check_units() {
    const auto& rules = visit_.policy->rules;
    if (rules.mue_action != program::MueAction::hold) return;
    for (const auto& line : visit_.lines) {
      const auto most = rules.mue.find(line.code);
      if (most == rules.mue.end() || line.quantity <= most->second * 1000) {
        continue;
      }
      hold(kUnlikely, quantity_of(line));
    }
  }

  // What came too late is billed all the same: the payer may accept it.
  void check_deadline() {
    const auto days = visit_.policy->rules.timely_filing_days;
    if (days == 0) return;
    const auto last = visit_.date.plus_days(static_cast<int>(days));
    for (const auto* session : visit_.segments) {
      if (last < programs_.zone().date(session->source.received)) {
        return hold(kLate, last.text());
      }
    }
  }

  static std::string quantity_of(const Line& line) {
    return line.code + " x " + program::thousandths_text(line.quantity);
  }

  void check_case() {
    if (view_.diagnoses.empty()) hold(kNoDiagnosis);
    if (!view_.injury && !view_.held) hold(kNoInjury);
    for (auto& one : billing::check_parties(case_, programs_, visit_)) {
      visit_.billing.push_back(std::move(one));
    }
  }

  const episode::Case& case_;
  const program::Programs& programs_;
  const ReferralView& view_;
  Visit& visit_;
};

// Between the parts of a day: what the pool's intervals leave open.
std::int64_t longest_gap(const Pool& pool) {
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < pool.covered.size(); ++i) {
    const auto gap = pool.covered[i].start - pool.covered[i - 1].end;
    longest = std::max<std::int64_t>(
        longest, std::chrono::duration_cast<std::chrono::minutes>(gap).count());
  }
  return longest;
}

// Who treated, by their licence and their profession.
void set_people(const episode::Case& known, Visit& visit) {
  auto& facts = visit.facts;
  const auto* rendering = practitioner_of(known, visit.rendering);
  facts.set(Fact::session_licensed,
            rendering != nullptr && rendering->is_licensed(visit.date));
  if (rendering != nullptr) {
    facts.evidence(Fact::session_licensed, rendering->source,
                   "Practitioner.qualification");
  }
  facts.set_count(Fact::session_therapists, therapists_of(known, visit));
}

// By how many units a code of the day goes beyond the unlikely-edit; of all
// codes, the most. Nothing where the policy does not ask.
void set_units_over_mue(Visit& visit) {
  const auto& rules = visit.policy->rules;
  if (rules.mue_action == program::MueAction::off || rules.mue.empty()) return;
  // A day that is too long waits for its times, or for an exception.
  const bool waits = rules.max_session_minutes > 0 &&
                     visit.time.minutes > rules.max_session_minutes &&
                     !visit.notes.exception;
  if (waits) return;
  std::int64_t over = 0;
  const auto count = [&](std::string_view code, std::int64_t quantity) {
    const auto most = rules.mue.find(code);
    if (most == rules.mue.end()) return;
    over = std::max(over, quantity - most->second * 1000);
  };
  count(episode::kFirstHours, visit.units.first * 1000);
  count(episode::kFurtherHours, visit.units.further);
  for (const auto& [code, extra] : extras_of(visit)) {
    count(code, extra.units * 1000);
  }
  visit.facts.set_number(Fact::session_units_over_mue, over);
}

// What the pooled time, its segments and the other codes of the day say.
void set_time_facts(Visit& visit) {
  auto& facts = visit.facts;
  facts.set_count(Fact::session_longest_gap, longest_gap(visit.time));
  visit.units = units_of(visit.time.minutes, visit.policy->rules);
  facts.set_count(Fact::session_minutes, visit.time.minutes);
  facts.set_count(Fact::session_first_units, visit.units.first);
  facts.set_number(Fact::session_further_units, visit.units.further);
  bool matches = true;
  bool same = true;
  bool further_alone = true;
  for (const auto* session : visit.segments) {
    facts.evidence(Fact::session_minutes, session->source,
                   "Procedure.performed");
    matches &= session->other_type.empty();
    further_alone &= session->further_alone;
    const auto program = visit.policy->program;
    same &= session->program == Program::none || session->program == program;
  }
  matches &= same;
  facts.set(Fact::session_same_program, same);
  facts.set(Fact::session_type_matches, matches);
  facts.set(Fact::session_further_alone, further_alone);
  std::set<std::string_view> treatments;
  for (const auto* extra : visit.extras) treatments.insert(extra->code);
  facts.set_count(Fact::session_treatments,
                  static_cast<std::int64_t>(treatments.size()) + 1);
  std::int64_t other = 0;
  std::int64_t evaluations = 0;
  std::int64_t capacity = 0;
  for (const auto* extra : visit.extras) {
    if (extra->code == kCapacityEvaluation) ++capacity;
    if (is_evaluation(extra->code)) {
      ++evaluations;
    } else if (!is_allowed(visit, extra->code)) {
      ++other;
    }
    facts.evidence(Fact::session_other_codes, extra->source, "Procedure.code");
  }
  facts.set_count(Fact::session_other_codes, other);
  facts.set_count(Fact::session_evaluation_codes, evaluations);
  facts.set_count(Fact::session_capacity_codes, capacity);
  facts.set_count(Fact::session_extra_minutes, extra_minutes(visit));
}

}  // namespace

void set_session_facts(const episode::Case& known, Visit& visit) {
  for (const auto* session : visit.segments) {
    visit.facts.add_resource(known.body(session->source.key));
  }
  set_people(known, visit);
  set_modifiers(known, visit);
  set_time_facts(visit);
  set_units_over_mue(visit);
}

void make_lines(const episode::Case& facts, const program::Programs& programs,
                const ReferralView& view, Visit& visit) {
  LineMaker(facts, programs, view, visit).make();
}

}  // namespace gateway::billing
