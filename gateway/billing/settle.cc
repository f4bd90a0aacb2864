#include "billing/settle.h"

#include <algorithm>
#include <chrono>

#include "billing/claim_plans.h"
#include "billing/grant_rules.h"
#include "billing/judge.h"
#include "billing/lines.h"
#include "billing/referral_facts.h"
#include "billing/referral_parts.h"

namespace gateway::billing {
namespace {

using program::Fact;

constexpr Own kNoPolicy{"program/no-policy",
                        "No policy was in force on this day",
                        "a date on which the payer's policy applies",
                        "ask the payer which rules apply",
                        "review-session",
                        "Procedure.performed",
                        fhir::Actor::payer};
constexpr Own kOpenTie{"billing/tie",
                       "The payer's rule does not settle these minutes",
                       "minutes that are no exact half of a unit",
                       "confirm the times, or set tie for this payer to DOWN",
                       "review-session",
                       "Procedure.performed",
                       fhir::Actor::biller};
constexpr Own kUnderMinimum{
    "billing/under-minimum",
    "The session is shorter than the shortest that can be billed",
    "at least the minutes of the payer's first unit",
    "confirm the times",
    "review-session",
    "Procedure.performed",
    fhir::Actor::therapist};
constexpr Own kNoUnits{"billing/no-units",
                       "The session does not attain the first unit",
                       "the minutes of the payer's first unit",
                       "correct the times if they are wrong; it is not billed",
                       "",
                       "Procedure.performed",
                       fhir::Actor::therapist};
constexpr Own kAwaitsVoid{
    "ledger/awaits-void",
    "A claim that the payer has bills this session on another date or order",
    "the void of that claim, pulled by the clearinghouse",
    "send the payer's number of that claim, so that its void can go out",
    "review-claim",
    "Claim.related",
    fhir::Actor::biller};
constexpr Own kBilledFirst{
    "ledger/billed-first",
    "Sessions of later dates were billed before this one came, and keep what "
    "they used; in the order of their dates it would have been served",
    "sessions that are sent before later ones are billed",
    "ask the payer to extend the authorization",
    "",
    "ClaimResponse.addItem.quantity",
    fhir::Actor::front_office};
constexpr Own kStale{"program/stale",
                     "A pack is past its own date of review",
                     "a policy that was reviewed",
                     "ask the payer for the current policy",
                     "",
                     "Procedure.performed",
                     fhir::Actor::operator_};
constexpr Own kInjuryLater{"condition/injury-after-session",
                           "The injury was after the session",
                           "a date of injury before the treatment",
                           "correct the date of injury, or of the session",
                           "",
                           "Condition.onset",
                           fhir::Actor::front_office};
constexpr Own kDischarged{
    "episode/discharged",
    "The session was after the discharge",
    "sessions until the last day of the episode",
    "correct the date of the session, or that of the discharge; or open the "
    "episode again",
    "review-session",
    "EpisodeOfCare.period.end",
    fhir::Actor::therapist};
constexpr Own kWrittenLater{
    "referral/written-later",
    "The order was written after the session",
    "an order that was written before the treatment",
    "send the date on which the order was first written, or the first order",
    "",
    "ServiceRequest.authoredOn",
    fhir::Actor::front_office};
constexpr Own kRevoked{
    "referral/not-active", "The referral was revoked",
    "an active referral",  "send the session under an active order",
    "review-session",      "ServiceRequest.status"};

bool within_bounds(const Visit& visit) {
  const auto& frequency = visit.referral->frequency;
  bool within = true;
  if (frequency.from) within &= *frequency.from <= visit.date;
  if (frequency.to) within &= visit.date <= *frequency.to;
  if (frequency.weeks && !frequency.from) {
    within &= visit.standing.day <= *frequency.weeks * 7;
  }
  return within;
}

// Whole months, as a calendar counts them.
std::int64_t months_between(LocalDate from, LocalDate to) {
  const std::chrono::year_month_day first(from.days());
  const std::chrono::year_month_day last(to.days());
  const auto months =
      (last.year() / last.month()) - (first.year() / first.month());
  return months.count() - (last.day() < first.day() ? 1 : 0);
}

// The day on which the payer gave it, and its first day.
using Age = std::pair<std::optional<LocalDate>, std::optional<LocalDate>>;

Age age_of(const episode::Grant& grant, Zone zone) {
  const auto& known = *grant.authorization;
  auto given = grant.issued ? grant.issued : known.created_date;
  if (!given && known.created) given = zone.date(*known.created);
  return {given ? given : grant.from, grant.from};
}

// Half of what was granted first, rounded up, is when a progress note is due.
// An extension asks for the note, so that it does not put it off. What counts
// no visits has no half.
void set_halves(const ReferralView& owner, Zone zone, Visit& visit) {
  std::optional<Age> first;
  for (const auto* grant : owner.grants) {
    if (!grant->usable() || !grant->visits) continue;
    const auto age = age_of(*grant, zone);
    first = first ? std::min(*first, age) : age;
  }
  std::int64_t granted = 0;
  bool extension = false;
  for (const auto* grant : owner.grants) {
    if (!grant->usable()) continue;
    if (first && age_of(*grant, zone).first == first->first) {
      granted += grant->visits.value_or(0);
    }
    extension |= grant->to && *grant->to < visit.date;
  }
  const auto half = visit.policy->rules.half_of_visits;
  visit.facts.set(
      Fact::session_past_half,
      granted > 0 && visit.standing.ordinal * 1'000'000 >= granted * half);
  visit.facts.set(Fact::session_extension, extension);
}

// A date rests on an extension where one that was given before covers it, and
// would serve it had it anything left: of several, the first to expire does.
void mark_extension(const ReferralView& owner, Zone zone, Visit& visit) {
  if (visit.grant == nullptr) return;
  const auto age = age_of(*visit.grant, zone);
  for (const auto* grant : owner.grants) {
    if (grant == visit.grant) return;
    const bool covers = grant->usable() &&
                        (!grant->from || *grant->from <= visit.date) &&
                        (!grant->to || visit.date <= *grant->to);
    if (!covers || !(age_of(*grant, zone) < age)) continue;
    visit.facts.set(Fact::session_extension, true);
  }
}

// A policy has periods: on some days none of a payer's rules is in force.
void check_policy(const std::string& focus, Visit& visit) {
  const auto& packs = visit.policy->packs;
  const bool in_force =
      std::any_of(packs.begin(), packs.end(),
                  [](const auto& pack) { return !pack->composed_into_all; });
  if (in_force) return;
  visit.judgements.push_back(own(kNoPolicy, focus, visit.date.text()));
}

// A session without units says why, and is held where its rule leaves it open.
void check_units(const std::string& focus, Visit& visit) {
  const auto& units = visit.units;
  if (units.first != 0) return;
  const auto holds = [](const Judgement& one) { return one.holds(); };
  const auto& judged = visit.judgements;
  const bool open_tie =
      units.tie && visit.policy->rules.tie == program::Tie::hold;
  if (!open_tie && std::any_of(judged.begin(), judged.end(), holds)) return;
  const auto& rule = open_tie              ? kOpenTie
                     : units.under_minimum ? kUnderMinimum
                                           : kNoUnits;
  visit.judgements.push_back(
      own(rule, focus, std::to_string(visit.time.minutes) + " minutes"));
}

// Some packs have a row for it.
bool says_stale(const program::PolicyPack& pack) {
  return std::any_of(
      pack.requirements.begin(), pack.requirements.end(), [](const auto& row) {
        if (!row.require) return false;
        const auto& reads = row.require->reads();
        return std::find(reads.begin(), reads.end(), Fact::policy_stale) !=
               reads.end();
      });
}

// An order that replaces others was first written when the first of them was.
std::optional<LocalDate> first_written(const episode::Case& facts,
                                       const ReferralView& owner) {
  const auto first = facts.referrals().find(owner.root);
  if (first == facts.referrals().end()) return std::nullopt;
  return first->second.authored;
}

void check_dates(const episode::Case& facts, const std::string& focus,
                 const ReferralView& owner, Visit& visit) {
  const auto written = first_written(facts, owner);
  if (written && visit.date < *written) {
    visit.judgements.push_back(own(kWrittenLater, focus, written->text()));
  }
  if (owner.discharged && *owner.discharged < visit.date) {
    visit.judgements.push_back(
        own(kDischarged, focus, owner.discharged->text()));
  }
  for (const auto& pack : visit.policy->packs) {
    const bool stale = pack->stale_from && *pack->stale_from <= visit.date;
    if (!stale || says_stale(*pack)) continue;
    visit.judgements.push_back(
        own(kStale, focus, pack->id + " since " + pack->stale_from->text()));
  }
  if (owner.injury && visit.date < *owner.injury) {
    visit.judgements.push_back(own(kInjuryLater, focus, owner.injury->text()));
  }
}

// Whoever and whatever the bill names, in the version that it was read in.
void note_inputs(const episode::Case& facts, const ReferralView& owner,
                 Visit& visit) {
  const auto note = [&](const std::string& key) {
    const auto* source = facts.source_of(key);
    if (source != nullptr) visit.inputs.push_back(source->versioned());
  };
  const auto note_person = [&](const std::string& key) {
    note(key);
    const auto role = facts.roles().find(key);
    if (role != facts.roles().end()) note(role->second.practitioner);
  };
  for (const auto& key : owner.order->conditions) note(key);
  note_person(owner.order->requester);
  note_person(visit.rendering);
  note(visit.provider);
  note(owner.insurer);
  if (owner.coverage != nullptr) note(owner.coverage->policy_holder);
}

bool is_of_date(const Judgement& one) {
  return one.row != nullptr && one.row->requirement->each_date;
}

// A session under a held referral is held for the referral's reasons, but for
// those that its own date does not share.
void pass_on_holds(const ReferralView& owner, const std::string& focus,
                   bool date_differs, Visit& visit) {
  if (!owner.held) return;
  if (!owner.open) {
    visit.judgements.push_back(own(kRevoked, focus, owner.order->status));
    return;
  }
  for (const auto& one : owner.judgements) {
    if (!one.holds() || (date_differs && is_of_date(one))) continue;
    auto passed = one;
    passed.focus = focus;
    passed.task = "review-session";
    visit.judgements.push_back(std::move(passed));
  }
}

// What became of the authorization that a pulled claim was billed on.
std::string fate(const Visit& visit) {
  using Outlived = Choice::Outlived;
  const auto& number = visit.pinned;
  switch (visit.choice.outlived) {
    case Outlived::no:
      break;
    case Outlived::unknown:
      return number + " is not known any more";
    case Outlived::unlinked:
      return number + " is not for this referral";
    case Outlived::withdrawn:
      return number + " cannot be used any more";
    case Outlived::period:
      return number + " does not cover " + visit.date.text();
    case Outlived::exhausted:
      return number + " grants less than is used";
  }
  return number;
}

// What the referral was found on the day of its order holds on that day only.
void judge_referral_again(const std::string& focus, Visit& visit) {
  for (auto& one : judge(*visit.policy, visit.facts,
                         {program::Subject::referral, focus, visit.date})) {
    if (!is_of_date(one)) continue;
    if (one.holds()) one.task = "review-session";
    visit.judgements.push_back(std::move(one));
  }
}

// Whether the claims of a chain are right as they went out: other sessions fill
// its dates by as much. Then no void of them will come.
bool filled(const Outstanding& outstanding, std::string_view chain,
            const Plan& plan) {
  const auto fills = [&](const OutstandingDate& billed) {
    return std::any_of(
        plan.visits.begin(), plan.visits.end(), [&](const Visit& visit) {
          return visit.claim_key == chain && visit.date == billed.date &&
                 visit.units.first == billed.units.first &&
                 visit.units.further == billed.units.further;
        });
  };
  return std::all_of(outstanding.begin(), outstanding.end(),
                     [&](const auto& entry) {
                       const auto& billed = entry.second;
                       return billed.chain != chain || fills(billed);
                     });
}

}  // namespace

void set_standing(const ReferralView& owner, Zone zone, Visit& visit) {
  auto& facts = visit.facts;
  const auto& standing = visit.standing;
  facts.set_count(Fact::episode_days, standing.day);
  facts.set_count(Fact::session_ordinal, standing.ordinal);
  facts.set_count(Fact::week_ordinal, standing.week_ordinal);
  if (standing.week_attended > 0) {
    facts.set(Fact::week_over, true);
    facts.set_count(Fact::week_attended, standing.week_attended);
  }
  facts.set(Fact::session_within_bounds, within_bounds(visit));
  if (owner.injury) {
    facts.set_count(Fact::session_injury_months,
                    months_between(*owner.injury, visit.date));
  }
  set_halves(owner, zone, visit);
}

void await_void(const Outstanding& outstanding, const Plan& plan,
                Visit& visit) {
  if (!visit.billable || visit.billed.first != 0) return;
  for (const auto* session : visit.segments) {
    const auto* bill =
        outstanding.elsewhere(session->source.key, visit.claim_key);
    if (bill == nullptr || filled(outstanding, bill->chain, plan)) continue;
    visit.billing.push_back(
        own(kAwaitsVoid, "@" + visit.claim_key, bill->claim));
    return;
  }
}

void note_billed_first(const Outstanding& outstanding,
                       const ReferralView& owner, Visit& visit) {
  if (visit.grant != nullptr ||
      visit.choice.refusal != Choice::Refusal::exhausted) {
    return;
  }
  // What other authorizations were billed for took nothing from these.
  const auto took = [&](const std::string& number) {
    return std::any_of(owner.grants.begin(), owner.grants.end(),
                       [&](const auto* grant) {
                         return grant->usable() && grant->number == number &&
                                (!grant->from || *grant->from <= visit.date) &&
                                (!grant->to || visit.date <= *grant->to);
                       });
  };
  std::string dates;
  for (const auto& [key, billed] : outstanding) {
    const bool later = billed.root == owner.root && visit.date < billed.date;
    if (!later || !took(billed.number)) continue;
    dates += (dates.empty() ? "billed: " : ", ") + billed.date.text();
  }
  if (dates.empty()) return;
  const auto& focus = visit.segments.front()->source.key;
  visit.judgements.push_back(own(kBilledFirst, focus, std::move(dates)));
}

void judge_visit(const episode::Case& facts, const program::Programs& programs,
                 const ReferralView& owner, Visit& visit) {
  const auto& focus = visit.segments.front()->source.key;
  mark_extension(owner, programs.zone(), visit);
  note_inputs(facts, owner, visit);
  visit.facts.set(Fact::session_authorized, visit.grant != nullptr);
  check_policy(focus, visit);
  check_dates(facts, focus, owner, visit);
  const bool date_differs = set_diagnoses_of_date(programs, owner, visit);
  auto judged = judge(*visit.policy, visit.facts,
                      {program::Subject::session, focus, visit.date});
  // What only warns is nobody's task here: where a row has one, it is for who
  // asks for an extension.
  for (auto& one : judged) {
    if (one.weight == program::Weight::warn) one.task = {};
  }
  if (visit.judgements.empty()) {
    visit.judgements = std::move(judged);
  } else {
    for (auto& one : judged) visit.judgements.push_back(std::move(one));
  }
  if (date_differs) judge_referral_again(focus, visit);
  if (auto outside = coverage_on(owner, visit.date, focus)) {
    visit.judgements.push_back(*std::move(outside));
  }
  pass_on_holds(owner, focus, date_differs, visit);
  check_units(focus, visit);
  visit.claim_key = claim_key(visit, owner);
  visit.billing.clear();
  visit.lines.clear();
  visit.billable = !visit.second && visit.units.first != 0;
  if (!visit.billable) return;
  make_lines(facts, programs, owner, visit);
  if (visit.choice.outlived == Choice::Outlived::no) return;
  visit.billing.push_back(
      own(kBilledUnder, "@" + visit.claim_key, fate(visit)));
}

}  // namespace gateway::billing
