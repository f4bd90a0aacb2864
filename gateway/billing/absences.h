// Absences are what a patient missed of a program, day by day: what nobody
// excused, and the days on which they came late. A day counts once, however
// many slots it had, and not where the patient came after all.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/date.h"
#include "billing/attendance.h"
#include "episode/case.h"
#include "program/programs.h"

namespace gateway::billing {

// The days of absences and tardies, each in order: so many tardies make one
// absence (policy 481, O29). What comes later says nothing of an earlier day.
struct Absences {
  struct Day {
    LocalDate date;
    const episode::Source* booking = nullptr;
    bool operator==(const Day&) const = default;
  };
  std::vector<Day> missed, tardy;
  std::int64_t tardies_each = 0;  // 0: tardies are not counted

  // Until a day, with it; or all.
  [[nodiscard]] std::int64_t count(std::optional<LocalDate> until = {}) const;
  bool operator==(const Absences&) const = default;
};

// Those of one referral, counted as its policy says.
Absences absences_of(const episode::Case& facts,
                     const program::Programs& programs,
                     const ReferralView& owner, const Attendance& attendance);

}  // namespace gateway::billing
