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
                        absences_of(case_, programs_, view, attendance_));
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
                       anew.program = view.program;
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
                   absences_of(case_, programs_, view, attendance_);
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
        const auto days = charts_.at(view.patient).days(course(view, today));
        return pass(view, Fact::episode_evaluation_days, days.evaluation);
      });
}

void Charts::set(ReferralView& view, LocalDate today) const {
  const auto& chart = charts_.at(view.patient);
  const auto first = attendance_.first(view.order);
  const auto booked = booked_first(*view.order);
  chart.set_episode(view, course(view, today));
  chart.set_discharge(view);
  // Days from the order until somebody booked it, else until it began (A11).
  auto lead = first && booked.date ? std::min(first, booked.date)
              : first              ? first
                                   : booked.date;
  if (booked.made) lead = booked.made;
  if (lead && view.order->authored) {
    view.facts.set_count(Fact::referral_lead_days,
                         days_between(*view.order->authored, *lead));
  }
  if (view.policy == nullptr) return;
  const auto& absences = absences_.at(view.order);
  view.facts.set_count(Fact::episode_absences, absences.count());
  for (const auto* days : {&absences.missed, &absences.tardy}) {
    for (const auto& day : *days) {
      view.facts.evidence(Fact::episode_absences, *day.booking,
                          "Appointment.status");
    }
  }
}

// When the first of the orders that replaced one another was written.
std::optional<LocalDate> Charts::ordered(const ReferralView& view) const {
  const auto root = case_.referrals().find(view.root);
  const auto authored = view.order->authored;
  if (root == case_.referrals().end() || !root->second.authored) {
    return authored;
  }
  return std::min(authored.value_or(*root->second.authored),
                  *root->second.authored);
}

Chart::Course Charts::course(const ReferralView& view, LocalDate today) const {
  const auto first = attendance_.first(view.order);
  auto begins = first;
  if (!begins) begins = booked_first(*view.order).date;
  return {.ordered = ordered(view),
          .first = first,
          .begins = begins,
          .today = today,
          .order = view.order};
}

void Charts::set_visit(const ReferralView& owner, Visit& visit) const {
  of(visit).set_visit(owner, visit);
  const auto known = absences_.find(visit.referral);
  if (known == absences_.end()) return;
  visit.facts.set_count(Fact::episode_absences,
                        known->second.count(visit.date));
}

// The first day for which the order was booked, and when that was done first.
Charts::Booked Charts::booked_first(const episode::Referral& order) const {
  Booked first;
  const auto least = [](std::optional<LocalDate>& known, LocalDate date) {
    if (!known || date < *known) known = date;
  };
  for (const auto& [key, booking] : case_.appointments()) {
    const bool open = booking.status == "booked" ||
                      booking.status == "arrived" ||
                      booking.status == "fulfilled";
    if (!open || !booking.period ||
        case_.in_force(booking.referral) != &order) {
      continue;
    }
    least(first.date, programs_.zone().date(booking.period->start));
    if (booking.created) {
      least(first.made, programs_.zone().date(*booking.created));
    }
  }
  return first;
}

}  // namespace gateway::billing
