#include "billing/next_change.h"

#include <algorithm>

namespace gateway::billing {
namespace {

constexpr std::string_view kJobMatch = "job-match-percent";
constexpr int kEvaluationDays = 14;

// Facts that count the days until today, while a program goes on.
bool counts_days(const Plan& plan, const episode::Case& facts) {
  const auto ended = [](const ReferralView& view) {
    return !view.open ||
           view.facts.value(program::Fact::episode_discharged) == 1;
  };
  if (std::all_of(plan.referrals.begin(), plan.referrals.end(), ended)) {
    return false;
  }
  const auto undated = [](const ReferralView& view) {
    return !view.order->authored;
  };
  const auto& evidence = facts.evidence();
  return std::any_of(plan.referrals.begin(), plan.referrals.end(), undated) ||
         std::any_of(evidence.begin(), evidence.end(), [](const auto& item) {
           return item.second.code == kJobMatch;
         });
}

// The first date of a program whose evaluation a pack wants in time (O19),
// until it is overdue for good.
bool awaits_evaluation(const Visit& visit, LocalDate today) {
  if (visit.standing.ordinal != 1 ||
      visit.date.plus_days(kEvaluationDays) < today) {
    return false;
  }
  const auto& packs = visit.policy->packs;
  return std::any_of(packs.begin(), packs.end(), [](const auto& pack) {
    return pack->knobs.contains("evaluationDays");
  });
}

}  // namespace

Instant end_of_week(const Visit& visit, const program::Programs& programs) {
  const auto start = visit.date.week_start(visit.policy->rules.week_start);
  return programs.zone().start_of(start.plus_days(7));
}

std::optional<Instant> NextChange::first() const {
  if (!week_end || !other) return week_end ? week_end : other;
  return std::min(*week_end, *other);
}

NextChange next_change(const Plan& plan, const episode::Case& facts,
                       const program::Programs& programs, Instant now) {
  NextChange next;
  const auto note = [&](std::optional<Instant>& known, Instant when) {
    if (when > now && (!known || when < *known)) known = when;
  };
  const auto consider = [&](Instant when) { note(next.other, when); };
  const auto& zone = programs.zone();
  const auto today = zone.date(now);
  for (const auto& [key, session] : facts.sessions()) {
    if (session.period) consider(session.period->end);
  }
  for (const auto& grant : plan.grants) {
    if (grant.to && *grant.to >= today) {
      consider(zone.start_of(grant.to->plus_days(1)));
    }
  }
  // The weeks of visits end in order, but for those of other policies.
  for (const auto& visit : plan.visits) {
    if (visit.date.plus_days(8) >= today) {
      note(next.week_end, end_of_week(visit, programs));
    }
    if (awaits_evaluation(visit, today)) {
      consider(zone.start_of(today.plus_days(1)));
    }
  }
  if (counts_days(plan, facts)) consider(zone.start_of(today.plus_days(1)));
  return next;
}

}  // namespace gateway::billing
