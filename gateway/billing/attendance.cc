#include "billing/attendance.h"

#include <algorithm>
#include <utility>

namespace gateway::billing {
namespace {

LocalDate week_of(const Visit& visit) {
  return visit.date.week_start(visit.policy->rules.week_start);
}

std::vector<Visit*>::iterator place_of(std::vector<Visit*>& visits,
                                       const Visit& wanted) {
  return std::lower_bound(
      visits.begin(), visits.end(), wanted,
      [](const Visit* one, const Visit& other) { return before(*one, other); });
}

void stand(Visit& visit, const Standing& standing,
           std::vector<Visit*>& changed) {
  if (visit.standing == standing) return;
  visit.standing = standing;
  if (std::exchange(visit.stale, true)) return;
  changed.push_back(&visit);
}

}  // namespace

void Attendance::read_all(Plan& plan, LocalDate today) {
  rolls_.clear();
  for (auto& visit : plan.visits) add(rolls_[visit.referral], visit);
  Changed changed;
  for (auto& [referral, roll] : rolls_) {
    number(roll, 0, changed);
    for (const auto& [week, visits] : roll.weeks) {
      number_week(roll, week, today, changed);
    }
  }
}

std::optional<std::vector<Visit*>> Attendance::follow(
    const std::vector<std::unique_ptr<Visit>>& removed,
    const std::vector<Visit*>& added, LocalDate today) {
  struct Touched {
    std::optional<LocalDate> first;
    std::size_t from = 0;
    std::set<LocalDate> weeks;
  };
  std::map<const episode::Referral*, Touched> touched;
  const auto touch = [&](const Visit& visit) -> Touched& {
    const auto [known, fresh] = touched.try_emplace(visit.referral);
    if (fresh) {
      known->second.first = first(visit.referral);
      known->second.from = of(visit.referral).size();
    }
    known->second.weeks.insert(week_of(visit));
    return known->second;
  };
  for (const auto& visit : removed) {
    auto& from = touch(*visit).from;
    from = std::min(from, remove(rolls_[visit->referral], *visit));
  }
  for (auto* visit : added) {
    auto& from = touch(*visit).from;
    from = std::min(from, add(rolls_[visit->referral], *visit));
  }
  Changed changed;
  for (const auto& [referral, reach] : touched) {
    if (first(referral) != reach.first) return std::nullopt;
    auto& roll = rolls_[referral];
    number(roll, reach.from, changed);
    for (const auto week : reach.weeks) {
      number_week(roll, week, today, changed);
    }
  }
  for (auto* visit : added) {
    if (!std::exchange(visit->stale, true)) changed.push_back(visit);
  }
  return changed;
}

std::vector<Visit*> Attendance::pass_days(LocalDate before, LocalDate today) {
  Changed changed;
  for (auto& [referral, roll] : rolls_) {
    for (auto week = roll.weeks.upper_bound(before.plus_days(-7));
         week != roll.weeks.end() && week->first.plus_days(7) <= today;
         ++week) {
      number_week(roll, week->first, today, changed);
    }
  }
  return changed;
}

std::optional<LocalDate> Attendance::first(
    const episode::Referral* referral) const {
  const auto& visits = of(referral);
  if (visits.empty()) return std::nullopt;
  return visits.front()->date;
}

const std::vector<Visit*>& Attendance::of(
    const episode::Referral* referral) const {
  static const std::vector<Visit*> kNone;
  const auto found = rolls_.find(referral);
  return found == rolls_.end() ? kNone : found->second.visits;
}

bool Attendance::on(const episode::Referral* referral, LocalDate date) const {
  const auto found = rolls_.find(referral);
  return found != rolls_.end() && found->second.dates.contains(date);
}

std::size_t Attendance::add(Roll& roll, Visit& visit) {
  auto& week = roll.weeks[week_of(visit)];
  week.insert(place_of(week, visit), &visit);
  roll.dates.insert(visit.date);
  const auto place = roll.visits.insert(place_of(roll.visits, visit), &visit);
  return static_cast<std::size_t>(place - roll.visits.begin());
}

std::size_t Attendance::remove(Roll& roll, const Visit& visit) {
  auto& week = roll.weeks[week_of(visit)];
  week.erase(place_of(week, visit));
  roll.dates.erase(visit.date);
  const auto place = roll.visits.erase(place_of(roll.visits, visit));
  return static_cast<std::size_t>(place - roll.visits.begin());
}

void Attendance::number(Roll& roll, std::size_t from, Changed& changed) {
  for (auto i = from; i < roll.visits.size(); ++i) {
    auto& visit = *roll.visits[i];
    auto standing = visit.standing;
    standing.ordinal = static_cast<std::int64_t>(i) + 1;
    standing.day = days_between(roll.visits.front()->date, visit.date) + 1;
    stand(visit, standing, changed);
  }
}

void Attendance::number_week(Roll& roll, LocalDate week, LocalDate today,
                             Changed& changed) {
  const auto& visits = roll.weeks[week];
  const bool over = week.plus_days(7) <= today;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const auto ordinal = static_cast<std::int64_t>(i) + 1;
    auto standing = visits[i]->standing;
    standing.week_ordinal = ordinal;
    standing.week_attended = over && i + 1 == visits.size() ? ordinal : 0;
    stand(*visits[i], standing, changed);
  }
}

}  // namespace gateway::billing
