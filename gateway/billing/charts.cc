#include "billing/charts.h"

#include <algorithm>

namespace gateway::billing {
namespace {

using program::Fact;

bool reads(const std::optional<program::Predicate>& predicate, Fact fact) {
  if (!predicate) return false;
  const auto& all = predicate->reads();
  return std::find(all.begin(), all.end(), fact) != all.end();
}

bool reads(const program::Policy& policy, Fact fact) {
  return std::any_of(
      policy.rows.begin(), policy.rows.end(), [&](const auto& rows) {
        return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
          const auto& requirement = *row.requirement;
          return reads(requirement.when, fact) ||
                 reads(requirement.require, fact) || requirement.seen == fact;
        });
      });
}

}  // namespace

void Charts::read(Plan& plan, LocalDate today) {
  refile(plan);
  bare_.clear();
  absences_.clear();
  for (auto& view : plan.referrals) {
    bare_.emplace(view.order, view.facts);
    if (view.policy != nullptr) {
      absences_.emplace(view.order,
                        charts_.at(view.patient).absences(*view.policy));
    }
    set(view, today);
  }
}

void Charts::refile(const Plan& plan) {
  charts_.clear();
  for (const auto& view : plan.referrals) {
    charts_.try_emplace(view.patient, case_, programs_, view.patient);
  }
}

bool Charts::stand(const Plan& plan, LocalDate today) const {
  return std::all_of(plan.referrals.begin(), plan.referrals.end(),
                     [&](const auto& view) {
                       ReferralView anew;
                       anew.order = view.order;
                       anew.root = view.root;
                       anew.policy = view.policy;
                       anew.patient = view.patient;
                       anew.facts = bare_.at(view.order);
                       set(anew, today);
                       return anew.facts == view.facts;
                     }) &&
         absences_stand(plan);
}

bool Charts::absences_stand(const Plan& plan) const {
  return std::all_of(
      plan.referrals.begin(), plan.referrals.end(), [&](const auto& view) {
        return view.policy == nullptr ||
               absences_.at(view.order) ==
                   charts_.at(view.patient).absences(*view.policy);
      });
}

bool Charts::pass_days(LocalDate today, const Policies& policies,
                       Plan& plan) const {
  const auto pass = [&](ReferralView& view, Fact fact,
                        std::optional<std::int64_t> count) {
    if (!count || view.facts.value(fact) == *count * 1000) return true;
    const bool read =
        std::any_of(policies.begin(), policies.end(),
                    [&](const auto* policy) { return reads(*policy, fact); });
    if (!read) view.facts.set_count(fact, *count);
    return !read;
  };
  return std::all_of(
      plan.referrals.begin(), plan.referrals.end(), [&](auto& view) {
        const auto days =
            charts_.at(view.patient).days(attendance_.first(view.order), today);
        return pass(view, Fact::episode_evaluation_days, days.evaluation);
      });
}

void Charts::set(ReferralView& view, LocalDate today) const {
  const auto& chart = charts_.at(view.patient);
  chart.set_episode(view.facts, attendance_.first(view.order), today);
  chart.set_discharge(view);
  set_lead(view);
  if (view.policy == nullptr) return;
  view.facts.set_count(Fact::episode_absences,
                       absences_.at(view.order).count());
}

void Charts::set_visit(Visit& visit) const {
  of(visit).set_visit(visit);
  const auto known = absences_.find(visit.referral);
  if (known == absences_.end()) return;
  visit.facts.set_count(Fact::episode_absences,
                        known->second.count(visit.date));
}

// Days from the order to the first day that is booked or attended (A11).
void Charts::set_lead(ReferralView& view) const {
  auto first = attendance_.first(view.order);
  for (const auto& [key, booking] : case_.appointments()) {
    const bool open = booking.status == "booked" ||
                      booking.status == "arrived" ||
                      booking.status == "fulfilled";
    if (!open || !booking.period ||
        case_.in_force(booking.referral) != view.order) {
      continue;
    }
    const auto date = programs_.zone().date(booking.period->start);
    if (!first || date < *first) first = date;
  }
  if (!first || !view.order->authored) return;
  view.facts.set_count(Fact::referral_lead_days,
                       days_between(*view.order->authored, *first));
}

}  // namespace gateway::billing
