#include "billing/allocate.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "billing/eligibility.h"
#include "billing/judge.h"

namespace gateway::billing {
namespace {

using episode::Decision;
using episode::Grant;
using program::Fact;

constexpr Own kNone{"ledger/no-authorization",
                    "No authorization covers this session",
                    "a granted authorization for this referral",
                    "obtain the authorization, or send it",
                    "obtain-authorization",
                    "ClaimResponse",
                    fhir::Actor::front_office};
constexpr Own kBefore{"ledger/before-start",
                      "The session lies before the authorization begins",
                      "a date within the authorized period",
                      "ask the payer to cover this date",
                      "obtain-authorization",
                      "ClaimResponse.preAuthPeriod",
                      fhir::Actor::front_office};
constexpr Own kExpired{"ledger/expired",
                       "The session lies after the authorization ends",
                       "a date within the authorized period",
                       "ask the payer for an extension",
                       "obtain-authorization",
                       "ClaimResponse.preAuthPeriod",
                       fhir::Actor::front_office};
constexpr Own kExhausted{"ledger/exhausted",
                         "The authorized quantity is used up",
                         "visits or hours left on the authorization",
                         "ask the payer for an extension",
                         "obtain-authorization",
                         "ClaimResponse.addItem.quantity",
                         fhir::Actor::front_office};

bool covers(const Grant& grant, LocalDate date) {
  return (!grant.from || *grant.from <= date) &&
         (!grant.to || date <= *grant.to);
}

std::string period_text(const Grant& grant) {
  return (grant.from ? grant.from->text() : std::string("open")) + " to " +
         (grant.to ? grant.to->text() : std::string("open"));
}

// The nearest grants that have ended before a date and that begin after it.
struct Nearest {
  const Grant* ended = nullptr;
  const Grant* coming = nullptr;
};

Nearest nearest(const ReferralView& view, LocalDate date) {
  Nearest found;
  for (const auto* grant : view.grants) {
    if (!grant->usable()) continue;
    if (grant->to && *grant->to < date) found.ended = grant;
    const bool sooner = found.coming == nullptr ||
                        (grant->from && *grant->from < *found.coming->from);
    if (grant->from && date < *grant->from && sooner) found.coming = grant;
  }
  return found;
}

// What was billed on a grant that counts nothing any more is visits.
bool counts_visits(const Grant& grant) {
  return grant.visits || (!grant.hours && !grant.units);
}

std::vector<Posting> postings_of(const Take& take, Posting pattern) {
  std::vector<Posting> postings;
  const auto post = [&](std::string_view unit, bool limited,
                        std::int64_t amount) {
    if (!limited || amount == 0) return;
    pattern.unit = unit;
    pattern.amount = amount;
    postings.push_back(pattern);
  };
  post("visits", counts_visits(*take.grant), take.visits);
  post("hours", take.grant->hours.has_value(), take.hours);
  post("units", take.grant->units.has_value(), take.units);
  post("further-hours", take.grant->further.has_value(), take.further);
  return postings;
}

}  // namespace

Allocator::Allocator(const episode::Case& facts,
                     const program::Programs& programs, const Plan& plan)
    : case_(facts), programs_(programs), plan_(plan) {
  for (const auto& grant : plan.grants) {
    accounts_.push_back({.grant = &grant, .used = {}, .reserved = {}});
  }
}

std::size_t Allocator::place(const Grant& grant) const {
  return static_cast<std::size_t>(&grant - plan_.grants.data());
}

Allocator::Amounts Allocator::need(const Units& units) {
  return {.visits = 1000,
          .hours = units.first * 2000 + units.further,
          .units = units.first * 1000 + units.further,
          .further = units.further};
}

// What was billed stays taken until what replaces it is in the payer's hands.
Allocator::Amounts Allocator::need(const Visit& visit) {
  auto wanted = need(visit.units);
  if (visit.pinned.empty()) return wanted;
  const auto billed = need(visit.billed);
  wanted.hours = std::max(wanted.hours, billed.hours);
  wanted.units = std::max(wanted.units, billed.units);
  wanted.further = std::max(wanted.further, billed.further);
  return wanted;
}

bool Allocator::has(const Grant& grant, const Amounts& need) const {
  const auto& [of, used, reserved] = accounts_[place(grant)];
  return (!grant.visits ||
          used.visits + reserved.visits + need.visits <= *grant.visits) &&
         (!grant.hours ||
          used.hours + reserved.hours + need.hours <= *grant.hours) &&
         (!grant.units ||
          used.units + reserved.units + need.units <= *grant.units) &&
         (!grant.further ||
          used.further + reserved.further + need.further <= *grant.further);
}

bool Allocator::created_before(const Grant& grant, const Visit& visit) const {
  const auto& authorization = *grant.authorization;
  if (!grant.issued && authorization.created) {
    return *authorization.created < visit.span.start;
  }
  const auto date = grant.issued ? grant.issued : authorization.created_date;
  if (!date) return false;
  const auto zone = Zone::named(visit.zone);
  return (zone ? *zone : programs_.zone()).start_of(*date) < visit.span.start;
}

Choice Allocator::choose(const Visit& visit, const ReferralView& view) const {
  const auto& rules = visit.policy->rules;
  Choice choice;
  const bool billed = !visit.pinned.empty();
  if (billed) choice.grant = billed_on(visit.pinned, view);
  if (choice.grant == nullptr && !authorization_wanted(case_, view, visit)) {
    return choice;
  }
  if (billed) choice.outlived = outlived(visit, view, choice.grant);
  if (choice.grant != nullptr) return choice;
  const auto wanted = need(visit.units);
  const bool strict = rules.verified_before && !rules.retro_auth_allowed;
  const auto serves = [&](const Grant& grant) {
    if (!grant.usable() || !covers(grant, visit.date)) return false;
    if (!has(grant, wanted)) return false;
    if (!strict || created_before(grant, visit)) return true;
    if (choice.late == nullptr) choice.late = &grant;
    return false;
  };
  for (const auto* grant : view.grants) {
    if (!serves(*grant)) continue;
    choice.grant = grant;
    return choice;
  }
  if (choice.late == nullptr) {
    auto refused = refuse(visit, view);
    refused.outlived = choice.outlived;
    return refused;
  }
  return choice;
}

// Nothing already billed ever moves silently to another authorization: not
// even where its own was withdrawn, shrank, or was given for something else.
const Grant* Allocator::billed_on(const std::string& number,
                                  const ReferralView& view) const {
  for (const auto* grant : view.grants) {
    if (grant->number == number) return grant;
  }
  for (const auto& grant : plan_.grants) {
    const bool same = grant.authorization->patient == view.patient;
    if (same && grant.number == number) return &grant;
  }
  return nullptr;
}

Take Allocator::take_billed(const OutstandingDate& billed) {
  Take taken;
  for (const auto& view : plan_.referrals) {
    if (view.root == billed.root) taken.grant = billed_on(billed.number, view);
  }
  if (taken.grant == nullptr) return taken;
  const auto amounts = need(billed.units);
  taken.visits = amounts.visits;
  taken.hours = amounts.hours;
  taken.units = amounts.units;
  taken.further = amounts.further;
  take(taken, 1);
  return taken;
}

std::vector<Posting> Allocator::billed_postings(const Take& take,
                                                const OutstandingDate& billed) {
  if (take.grant == nullptr) return {};
  return billing::postings_of(
      take, {.authorization = take.grant->authorization->source.key,
             .unit = {},
             .from = "remaining",
             .to = "used",
             .cause = billed.claim,
             .reason = "billed",
             .date = billed.date});
}

Choice::Outlived Allocator::outlived(const Visit& visit,
                                     const ReferralView& view,
                                     const Grant* grant) const {
  using Outlived = Choice::Outlived;
  if (grant == nullptr) return Outlived::unknown;
  const auto& grants = view.grants;
  if (!grant->usable()) return Outlived::withdrawn;
  if (std::find(grants.begin(), grants.end(), grant) == grants.end()) {
    return Outlived::unlinked;
  }
  if (!covers(*grant, visit.date)) return Outlived::period;
  return has(*grant, need(visit)) ? Outlived::no : Outlived::exhausted;
}

// The authorization that comes nearest to covering the date decides.
Choice Allocator::refuse(const Visit& visit, const ReferralView& view) {
  using Refusal = Choice::Refusal;
  Choice choice;
  for (const auto* grant : view.grants) {
    if (!grant->usable() || !covers(*grant, visit.date)) continue;
    choice.refusal = Refusal::exhausted;
    return choice;
  }
  const auto [ended, coming] = nearest(view, visit.date);
  choice.refusal = ended != nullptr    ? Refusal::expired
                   : coming != nullptr ? Refusal::before
                                       : Refusal::absent;
  return choice;
}

void Allocator::apply(const Choice& choice, const ReferralView& view,
                      Visit& visit) const {
  using Refusal = Choice::Refusal;
  visit.choice = choice;
  visit.grant = choice.grant;
  if (const auto* said = eligibility_on(case_, view, visit.date)) {
    visit.inputs.push_back(said->source.versioned());
  }
  const auto* chosen = choice.grant == nullptr ? choice.late : choice.grant;
  if (chosen != nullptr) {
    const auto& source = chosen->authorization->source;
    visit.inputs.push_back(source.versioned());
    visit.facts.set(Fact::session_verified_before,
                    created_before(*chosen, visit));
    visit.facts.evidence(Fact::session_verified_before, source,
                         "ClaimResponse.created");
    return;
  }
  const auto& focus = visit.segments.front()->source.key;
  const auto refused = [&](const Own& rule, std::string seen,
                           std::string wanted = {}) {
    visit.judgements.push_back(
        own(rule, focus, std::move(seen), std::move(wanted)));
  };
  const auto [ended, coming] = nearest(view, visit.date);
  switch (choice.refusal) {
    case Refusal::none:
      break;
    case Refusal::absent:
      refused(kNone, "none");
      break;
    case Refusal::exhausted:
      refused(kExhausted, "none left");
      break;
    case Refusal::expired:
      refused(kExpired, visit.date.text(),
              "a date from " + period_text(*ended));
      break;
    case Refusal::before:
      refused(kBefore, visit.date.text(),
              "a date from " + period_text(*coming));
      break;
  }
}

void Allocator::take(const Take& take, std::int64_t sign) {
  auto& account = accounts_[place(*take.grant)];
  auto& sum = take.reserved ? account.reserved : account.used;
  sum.visits += sign * take.visits;
  sum.hours += sign * take.hours;
  sum.units += sign * take.units;
  sum.further += sign * take.further;
}

void Allocator::put_back(const Take& taken) {
  if (taken.grant != nullptr) take(taken, -1);
}

void Allocator::take_again(const Take& taken) {
  if (taken.grant != nullptr) take(taken, 1);
}

void Allocator::book(Visit& visit) {
  visit.take = {};
  visit.postings.clear();
  if (visit.grant == nullptr) return;
  // What was billed was used, whatever speaks against it since.
  const bool billed = !visit.pinned.empty();
  // What makes no unit, and waits for nothing, needs no visit.
  if (visit.units.first == 0 && !visit.held() && !billed) return;
  const bool held = (visit.units.first == 0 || visit.held()) && !billed;
  // What waits beside a bill takes no more than the bill.
  const bool waits = billed && (visit.units.first == 0 || visit.held());
  const auto wanted = waits ? need(visit.billed) : need(visit);
  visit.take = {.grant = visit.grant,
                .visits = wanted.visits,
                .hours = wanted.hours,
                .units = wanted.units,
                .further = wanted.further,
                .reserved = held};
  take(visit.take, 1);
  visit.postings = postings_of(
      visit.take, {.authorization = visit.grant->authorization->source.key,
                   .unit = {},
                   .from = "remaining",
                   .to = held ? "reserved" : "used",
                   .cause = visit.segments.front()->source.versioned(),
                   .reason = held     ? "held"
                             : billed ? "billed"
                                      : "attended",
                   .date = visit.date});
}

// A day is booked for as long as its slots last together: at least for the
// first two hours.
Units units_booked(std::int64_t minutes, const program::Policy& policy) {
  Units units{.first = 1};
  units.further =
      units_of(std::max<std::int64_t>(minutes, 0), policy.rules).further;
  return units;
}

// What the slot adds to the day: one date takes one visit.
Allocator::Amounts Allocator::need(const Slot& slot,
                                   const program::Policy& policy) {
  auto wanted = need(units_booked(slot.after, policy));
  if (slot.before == 0) return wanted;
  const auto known = need(units_booked(slot.before, policy));
  wanted.visits -= known.visits;
  wanted.hours -= known.hours;
  wanted.units -= known.units;
  wanted.further -= known.further;
  return wanted;
}

std::optional<Allocator::Reservation> Allocator::reserve(
    const Slot& slot, const ReferralView& view) {
  const auto& [booking, date, before, after] = slot;
  Reservation made;
  if (!authorization_wanted(case_, view, *view.policy, date)) return made;
  const auto wanted = need(slot, *view.policy);
  for (const auto* grant : view.grants) {
    if (!grant->usable() || !covers(*grant, date) || !has(*grant, wanted)) {
      continue;
    }
    made.take = {.grant = grant,
                 .visits = wanted.visits,
                 .hours = wanted.hours,
                 .units = wanted.units,
                 .further = wanted.further,
                 .reserved = true};
    take(made.take, 1);
    made.postings = postings_of(
        made.take, {.authorization = grant->authorization->source.key,
                    .unit = {},
                    .from = "remaining",
                    .to = "reserved",
                    .cause = booking.source.versioned(),
                    .reason = "booked",
                    .date = date});
    return made;
  }
  return std::nullopt;
}

void Allocator::close(LocalDate today, std::vector<Balance>& balances,
                      std::vector<Posting>& postings) const {
  const auto balance = [&](const Account& account, std::string_view unit,
                           std::int64_t granted,
                           std::int64_t Amounts::*amount) {
    const auto& grant = *account.grant;
    const auto& source = grant.authorization->source;
    Posting posting{.authorization = source.key,
                    .unit = unit,
                    .from = "granted",
                    .to = "remaining",
                    .amount = granted,
                    .cause = source.versioned(),
                    .reason = "granted",
                    .date = grant.from};
    if (granted != 0) postings.push_back(posting);
    Balance sum{.authorization = source.key,
                .number = grant.number,
                .unit = std::string(unit),
                .granted = granted,
                .reserved = account.reserved.*amount,
                .used = account.used.*amount};
    sum.remaining = granted - sum.reserved - sum.used;
    const bool withdrawn = !grant.usable();
    const bool over = grant.to && *grant.to < today;
    if (sum.remaining > 0 && (over || withdrawn)) {
      posting.from = "remaining";
      posting.to = withdrawn ? "released" : "expired";
      posting.reason = posting.to;
      if (!withdrawn) posting.date = grant.to->plus_days(1);
      posting.amount = std::exchange(sum.remaining, 0);
      (withdrawn ? sum.released : sum.expired) = posting.amount;
      postings.push_back(std::move(posting));
    }
    balances.push_back(std::move(sum));
  };
  for (const auto& account : accounts_) {
    const auto& grant = *account.grant;
    const bool billed = account.used.visits > 0;
    if (!grant.usable() && grant.decision != Decision::withdrawn && !billed) {
      continue;
    }
    if (grant.visits || (billed && counts_visits(grant))) {
      balance(account, "visits", grant.visits.value_or(0), &Amounts::visits);
    }
    if (grant.hours) balance(account, "hours", *grant.hours, &Amounts::hours);
    if (grant.units) balance(account, "units", *grant.units, &Amounts::units);
    if (grant.further) {
      balance(account, "further-hours", *grant.further, &Amounts::further);
    }
  }
}

}  // namespace gateway::billing
