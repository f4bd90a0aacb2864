#include "billing/absences.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace gateway::billing {
namespace {

using Days = std::vector<Absences::Day>;

bool is_of(const episode::Appointment& booking, const episode::Case& facts,
           const ReferralView& owner) {
  if (!booking.referral.empty()) {
    return facts.in_force(booking.referral) == owner.order;
  }
  // One that names no order may still say which program it is of.
  return owner.program != Program::none &&
         booking.type == episode::code(owner.program);
}

bool is_kept(const episode::Appointment& booking) {
  return booking.status == "booked" || booking.status == "arrived" ||
         booking.status == "checked-in" || booking.status == "fulfilled";
}

// The date attended on a day, near the start of a slot of that day.
const Visit* visit_on(const std::vector<Visit*>& visits, LocalDate day,
                      Instant start) {
  constexpr std::chrono::hours kDay(24);
  auto place = std::partition_point(
      visits.begin(), visits.end(),
      [&](const Visit* one) { return one->span.start < start - kDay; });
  for (; place != visits.end() && (*place)->span.start <= start + kDay;
       ++place) {
    if ((*place)->date == day) return *place;
  }
  return nullptr;
}

// Each day once, with the first of its bookings.
Days in_order(const std::map<LocalDate, const episode::Source*>& days) {
  Days all;
  all.reserve(days.size());
  for (const auto& [date, booking] : days) all.push_back({date, booking});
  return all;
}

}  // namespace

std::int64_t Absences::count(std::optional<LocalDate> until) const {
  const auto of = [&](const Days& days) {
    const auto after = [](LocalDate date, const Day& day) {
      return date < day.date;
    };
    const auto end =
        until ? std::upper_bound(days.begin(), days.end(), *until, after)
              : days.end();
    return static_cast<std::int64_t>(end - days.begin());
  };
  return of(missed) + (tardies_each == 0 ? 0 : of(tardy) / tardies_each);
}

Absences absences_of(const episode::Case& facts,
                     const program::Programs& programs,
                     const ReferralView& owner, const Attendance& attendance) {
  const auto& rules = owner.policy->rules;
  const auto tolerance = std::chrono::minutes(rules.tardy_tolerance_minutes);
  const auto& visits = attendance.of(owner.order);
  Absences found;
  found.tardies_each = rules.tardies_per_absence;
  std::map<LocalDate, const episode::Source*> missed;
  std::map<LocalDate, const episode::Source*> tardy;
  for (const auto& [key, booking] : facts.appointments()) {
    const bool absent =
        booking.status == "noshow" && booking.absence != "excused";
    if ((!absent && !is_kept(booking)) || !is_of(booking, facts, owner)) {
      continue;
    }
    if (!booking.period) {
      // One without a day is never too late to count.
      if (absent) {
        found.missed.push_back({*LocalDate::from(1, 1, 1), &booking.source});
      }
      continue;
    }
    const auto start = booking.period->start;
    const auto day = programs.zone().date(start);
    const auto* visit = visit_on(visits, day, start);
    if (absent && visit == nullptr) missed.try_emplace(day, &booking.source);
    if (absent || visit == nullptr || found.tardies_each == 0) continue;
    if (visit->span.start - start > tolerance) {
      tardy.try_emplace(day, &booking.source);
    }
  }
  const auto dated = in_order(missed);
  found.missed.insert(found.missed.end(), dated.begin(), dated.end());
  found.tardy = in_order(tardy);
  return found;
}

}  // namespace gateway::billing
