#include "billing/charts.h"

#include <algorithm>

namespace gateway::billing {

using program::Fact;

void Charts::read(Plan& plan, LocalDate today) {
  refile(plan);
  bare_.clear();
  for (auto& view : plan.referrals) {
    bare_.emplace(view.order, view.facts);
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
                     });
}

bool Charts::absences_stand(const Plan& plan) const {
  return std::all_of(
      plan.referrals.begin(), plan.referrals.end(), [&](const auto& view) {
        return view.policy == nullptr ||
               view.facts.value(Fact::episode_absences) ==
                   charts_.at(view.patient).absences(*view.policy) * 1000;
      });
}

void Charts::set(ReferralView& view, LocalDate today) const {
  const auto& chart = charts_.at(view.patient);
  chart.set_episode(view.facts, attendance_.first(view.order), today);
  chart.set_discharge(view);
  set_lead(view);
  if (view.policy == nullptr) return;
  view.facts.set_count(Fact::episode_absences, chart.absences(*view.policy));
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
