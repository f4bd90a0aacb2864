#include "billing/allocate.h"

#include <algorithm>
#include <tuple>

#include "billing/eligibility.h"
#include "billing/extension.h"
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

// The grant that expires first; one without an end comes last.
bool expires_first(const Grant* left, const Grant* right) {
  const auto last = *LocalDate::from(9999, 12, 31);
  return std::tuple(left->to.value_or(last), left->number,
                    left->authorization->source.key) <
         std::tuple(right->to.value_or(last), right->number,
                    right->authorization->source.key);
}

std::string period_text(const Grant& grant) {
  return (grant.from ? grant.from->text() : std::string("open")) + " to " +
         (grant.to ? grant.to->text() : std::string("open"));
}

}  // namespace

Allocator::Allocator(const episode::Case& facts,
                     const program::Programs& programs, Plan& plan)
    : case_(facts), programs_(programs), plan_(plan) {
  for (const auto& grant : plan.grants) accounts_.push_back({.grant = &grant});
}

Allocator::Account& Allocator::account(const Grant& grant) {
  return accounts_[static_cast<std::size_t>(&grant - plan_.grants.data())];
}

bool Allocator::has(const Grant& grant, const Need& need) {
  const auto& taken = account(grant);
  return (!grant.visits || taken.visits + need.visits <= *grant.visits) &&
         (!grant.hours || taken.hours + need.hours <= *grant.hours) &&
         (!grant.further || taken.further + need.further <= *grant.further);
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

void Allocator::choose(Visit& visit, const ReferralView& view) {
  const auto& rules = visit.policy->rules;
  if (const auto* said = eligibility_on(case_, view, visit.date)) {
    visit.inputs.push_back(said->source.versioned());
  }
  if (!authorization_wanted(case_, view, *visit.policy, visit.date)) return;
  const Need need{.hours = visit.units.first * 2000 + visit.units.further,
                  .further = visit.units.further};
  const bool strict = rules.verified_before && !rules.retro_auth_allowed;
  auto grants = view.grants;
  std::sort(grants.begin(), grants.end(), expires_first);
  const Grant* late = nullptr;
  // Nothing already billed ever moves silently to another authorization.
  std::stable_partition(grants.begin(), grants.end(), [&](const Grant* grant) {
    return !visit.pinned.empty() && grant->number == visit.pinned;
  });
  for (const auto* grant : grants) {
    if (!grant->usable() || !covers(*grant, visit.date)) continue;
    if (!has(*grant, need)) continue;
    if (strict && !created_before(*grant, visit)) {
      if (late == nullptr) late = grant;
      continue;
    }
    visit.grant = grant;
    break;
  }
  const auto* chosen = visit.grant == nullptr ? late : visit.grant;
  if (chosen == nullptr) {
    refuse(visit, view);
    return;
  }
  const auto& source = chosen->authorization->source;
  visit.inputs.push_back(source.versioned());
  visit.facts.set(Fact::session_verified_before,
                  created_before(*chosen, visit));
  visit.facts.evidence(Fact::session_verified_before, source,
                       "ClaimResponse.created");
}

// Says why: the authorization that comes nearest to covering the date decides.
void Allocator::refuse(Visit& visit, const ReferralView& view) {
  const auto& focus = visit.segments.front()->source.key;
  const Grant* ended = nullptr;
  const Grant* coming = nullptr;
  for (const auto* grant : view.grants) {
    if (!grant->usable()) continue;
    if (covers(*grant, visit.date)) {
      visit.judgements.push_back(own(kExhausted, focus, "none left"));
      return;
    }
    if (grant->to && *grant->to < visit.date) ended = grant;
    if (grant->from && visit.date < *grant->from) coming = grant;
  }
  if (ended == nullptr && coming == nullptr) {
    visit.judgements.push_back(own(kNone, focus, "none"));
    return;
  }
  const auto& rule = ended != nullptr ? kExpired : kBefore;
  const auto& nearest = ended != nullptr ? *ended : *coming;
  visit.judgements.push_back(own(rule, focus, visit.date.text(),
                                 "a date from " + period_text(nearest)));
}

void Allocator::take(const Grant& grant, const Need& need, Posting posting,
                     std::vector<Posting>& postings) {
  auto& taken = account(grant);
  const auto post = [&](std::string_view unit, std::int64_t amount) {
    if (amount == 0) return;
    posting.unit = unit;
    posting.amount = amount;
    postings.push_back(posting);
  };
  taken.visits += need.visits;
  taken.hours += need.hours;
  taken.further += need.further;
  if (grant.visits) post("visits", need.visits);
  if (grant.hours) post("hours", need.hours);
  if (grant.further) post("further-hours", need.further);
}

void Allocator::book(Visit& visit) {
  if (visit.grant == nullptr) return;
  const bool held = visit.held() || visit.units.first == 0;
  take(*visit.grant,
       {.hours = visit.units.first * 2000 + visit.units.further,
        .further = visit.units.further},
       {.authorization = visit.grant->authorization->source.key,
        .unit = {},
        .from = "remaining",
        .to = held ? "reserved" : "used",
        .cause = visit.segments.front()->source.versioned(),
        .reason = held ? "held" : "attended",
        .date = visit.date},
       visit.postings);
}

bool Allocator::book_booking(const episode::Appointment& booking,
                             const ReferralView& view, LocalDate date) {
  if (!authorization_wanted(case_, view, *view.policy, date)) return true;
  auto grants = view.grants;
  std::sort(grants.begin(), grants.end(), expires_first);
  for (const auto* grant : grants) {
    const Need need{};
    if (!grant->usable() || !covers(*grant, date) || !has(*grant, need)) {
      continue;
    }
    take(*grant, need,
         {.authorization = grant->authorization->source.key,
          .unit = {},
          .from = "remaining",
          .to = "reserved",
          .cause = booking.source.versioned(),
          .reason = "booked",
          .date = date},
         plan_.postings);
    return true;
  }
  plan_.others[booking.source.key].push_back(unserved(view, date));
  return false;
}

void Allocator::close(Instant now) {
  const auto today = programs_.zone().date(now);
  for (const auto& grant : plan_.grants) {
    if (grant.visits) balance(grant, "visits", *grant.visits, today);
    if (grant.hours) balance(grant, "hours", *grant.hours, today);
    if (grant.further) balance(grant, "further-hours", *grant.further, today);
  }
}

void Allocator::balance(const Grant& grant, std::string_view unit,
                        std::int64_t granted, LocalDate today) {
  const auto& source = grant.authorization->source;
  const bool was_granted =
      grant.usable() || grant.decision == Decision::withdrawn;
  if (!was_granted) return;
  Balance balance{.authorization = source.key,
                  .number = grant.number,
                  .unit = std::string(unit),
                  .granted = granted};
  Posting posting{.authorization = source.key,
                  .unit = unit,
                  .from = "granted",
                  .to = "remaining",
                  .amount = granted,
                  .cause = source.versioned(),
                  .reason = "granted",
                  .date = grant.from};
  plan_.postings.push_back(posting);
  for (const auto* one : plan_.all_postings()) {
    if (one->authorization != source.key || one->unit != unit) continue;
    if (one->to == "reserved") balance.reserved += one->amount;
    if (one->to == "used") balance.used += one->amount;
  }
  auto left = granted - balance.reserved - balance.used;
  const bool over = grant.to && *grant.to < today;
  const bool withdrawn = grant.decision == Decision::withdrawn;
  if (left > 0 && (over || withdrawn)) {
    posting.from = "remaining";
    posting.to = withdrawn ? "released" : "expired";
    posting.amount = left;
    posting.reason = posting.to;
    plan_.postings.push_back(posting);
    (withdrawn ? balance.released : balance.expired) = left;
    left = 0;
  }
  balance.remaining = left;
  plan_.balances.push_back(std::move(balance));
}

}  // namespace gateway::billing
