#include "billing/absences.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace gateway::billing {

std::int64_t Absences::count(std::optional<LocalDate> until) const {
  const auto of = [&](const std::vector<LocalDate>& days) {
    const auto end =
        until ? std::upper_bound(days.begin(), days.end(), *until) : days.end();
    return static_cast<std::int64_t>(end - days.begin());
  };
  return of(missed) + (tardies_each == 0 ? 0 : of(tardy) / tardies_each);
}

Absences absences_of(const episode::Case& facts,
                     const program::Programs& programs,
                     const program::Policy& policy) {
  Absences found{.missed = {},
                 .tardy = {},
                 .tardies_each = policy.rules.tardies_per_absence};
  const auto& zone = programs.zone();
  std::vector<const episode::Appointment*> kept;
  for (const auto& [key, booking] : facts.appointments()) {
    if (booking.status == "noshow" && booking.absence != "excused") {
      // One without a day is never too late to count.
      found.missed.push_back(booking.period ? zone.date(booking.period->start)
                                            : *LocalDate::from(1, 1, 1));
    }
    if (booking.status == "fulfilled" && booking.period) {
      kept.push_back(&booking);
    }
  }
  std::sort(found.missed.begin(), found.missed.end());
  if (found.tardies_each == 0 || kept.empty()) return found;
  std::map<LocalDate, Instant> began;
  for (const auto& [id, session] : facts.sessions()) {
    if (session.state != episode::Session::State::attended || !session.period) {
      continue;
    }
    const auto start = session.period->start;
    const auto [first, fresh] = began.try_emplace(zone.date(start), start);
    if (!fresh) first->second = std::min(first->second, start);
  }
  const auto tolerance =
      std::chrono::minutes(policy.rules.tardy_tolerance_minutes);
  for (const auto* booking : kept) {
    const auto start = booking->period->start;
    const auto day = zone.date(start);
    const auto first = began.find(day);
    if (first != began.end() && first->second - start > tolerance) {
      found.tardy.push_back(day);
    }
  }
  std::sort(found.tardy.begin(), found.tardy.end());
  return found;
}

}  // namespace gateway::billing
