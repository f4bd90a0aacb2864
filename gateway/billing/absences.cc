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
  return owner.program != Program::none && booking.period &&
         booking.type == episode::code(owner.program);
}

// Of an order that it does not name: not before that was written or begun.
bool is_since(LocalDate day, const ReferralView& owner,
              const Attendance& attendance) {
  auto since = attendance.first(owner.order);
  const auto& written = owner.order->authored;
  if (written) since = std::min(since.value_or(*written), *written);
  return !since || *since <= day;
}

bool is_kept(const episode::Appointment& booking) {
  return booking.status == "booked" || booking.status == "arrived" ||
         booking.status == "checked-in" || booking.status == "fulfilled";
}

// The date attended on the day of a slot, as the facility counts days.
const Visit* visit_on(const std::vector<Visit*>& visits, Instant start,
                      Zone site) {
  constexpr std::chrono::hours kDay(24);
  auto place = std::partition_point(
      visits.begin(), visits.end(),
      [&](const Visit* one) { return one->span.start < start - kDay; });
  for (; place != visits.end() && (*place)->span.start <= start + kDay;
       ++place) {
    const auto& visit = **place;
    const auto zone = visit.zone == site.name() ? Result<Zone>(site)
                                                : Zone::named(visit.zone);
    if (zone && zone->date(start) == visit.date) return *place;
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
    const auto* visit = visit_on(visits, start, programs.zone());
    const auto day =
        visit != nullptr ? visit->date : programs.zone().date(start);
    if (booking.referral.empty() && !is_since(day, owner, attendance)) continue;
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
