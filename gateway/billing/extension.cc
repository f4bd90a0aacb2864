#include "billing/extension.h"

#include <algorithm>

#include "billing/judge.h"

namespace gateway::billing {
namespace {

using program::Fact;

constexpr Own kNone{"ledger/no-authorization",
                    "No authorization covers a booked session",
                    "a granted authorization for this referral",
                    "obtain the authorization before the session",
                    "obtain-authorization",
                    "ClaimResponse",
                    fhir::Actor::front_office};
constexpr Own kExhausted{"ledger/exhausted",
                         "The authorized quantity runs out before a booked "
                         "session",
                         "visits or hours left on the authorization",
                         "ask the payer for an extension before the session",
                         "obtain-authorization",
                         "ClaimResponse.addItem.quantity",
                         fhir::Actor::front_office};
constexpr Own kExpired{"ledger/expired",
                       "The authorization ends before a booked session",
                       "a date within the authorized period",
                       "ask the payer for an extension before the session",
                       "obtain-authorization",
                       "ClaimResponse.preAuthPeriod",
                       fhir::Actor::front_office};
constexpr Own kBefore{"ledger/before-start",
                      "The authorization begins after a booked session",
                      "a date within the authorized period",
                      "ask the payer to cover this date, or book a later one",
                      "obtain-authorization",
                      "ClaimResponse.preAuthPeriod",
                      fhir::Actor::front_office};

bool reads_extension(const program::Requirement& row) {
  if (!row.when) return false;
  const auto& reads = row.when->reads();
  return std::find(reads.begin(), reads.end(), Fact::session_extension) !=
         reads.end();
}

}  // namespace

Judgement unserved(const ReferralView& view, LocalDate date) {
  const auto& focus = view.order->source.key;
  bool ended = false;
  bool coming = false;
  for (const auto* grant : view.grants) {
    if (!grant->usable()) continue;
    const bool before = grant->from && date < *grant->from;
    const bool after = grant->to && *grant->to < date;
    if (!before && !after) return own(kExhausted, focus, date.text());
    ended |= after;
    coming |= before;
  }
  if (ended) return own(kExpired, focus, date.text());
  return own(coming ? kBefore : kNone, focus, date.text());
}

bool asks_for_more(const Visit& visit) {
  using Refusal = Choice::Refusal;
  return visit.grant == nullptr && visit.pinned.empty() &&
         (visit.choice.refusal == Refusal::exhausted ||
          visit.choice.refusal == Refusal::expired);
}

std::vector<Judgement> against_extension(const ReferralView& view,
                                         std::optional<LocalDate> attended,
                                         LocalDate today) {
  std::vector<Judgement> found;
  auto facts = view.facts;
  const bool granted =
      std::any_of(view.grants.begin(), view.grants.end(),
                  [](const auto* grant) { return grant->usable(); });
  const bool measured = facts.known(Fact::episode_improving) ||
                        facts.known(Fact::episode_plateau_days);
  if (!granted || !measured) return found;
  facts.set(Fact::session_extension, true);
  if (view.improved && attended) {
    const auto days = days_between(*view.improved, *attended) * 1000;
    const auto known = facts.value(Fact::episode_plateau_days).value_or(0);
    facts.set_number(Fact::episode_plateau_days,
                     std::max<std::int64_t>(known, days));
  }
  for (auto& one :
       judge(*view.policy, facts,
             {program::Subject::session, view.order->source.key, today})) {
    if (one.verdict != Verdict::unmet || one.task.empty()) continue;
    if (one.row == nullptr || !reads_extension(*one.row->requirement)) continue;
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace gateway::billing
