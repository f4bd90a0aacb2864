// Attendance is the order of the dates attended under each referral: the place
// of each in its week and its episode, on which requirements rest.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

class Attendance {
 public:
  // `today` is that of the site: a week that contains it is not over.
  void read_all(Plan& plan, LocalDate today);

  // Follows visits that left and came. Gives those whose standing changed, the
  // ones that came among them; nothing where the first date of an episode
  // moved, on which everything rests.
  std::optional<std::vector<Visit*>> follow(
      const std::vector<std::unique_ptr<Visit>>& removed,
      const std::vector<Visit*>& added, LocalDate today);

  // Days went by: gives the visits of weeks that are over now, and were not.
  std::vector<Visit*> pass_days(LocalDate before, LocalDate today);

  // The first attended date.
  [[nodiscard]] std::optional<LocalDate> first(
      const episode::Referral* referral) const;
  // In order of their starts.
  [[nodiscard]] const std::vector<Visit*>& of(
      const episode::Referral* referral) const;
  [[nodiscard]] bool on(const episode::Referral* referral,
                        LocalDate date) const;

 private:
  // Starts and dates need not agree in their order: facilities have zones.
  struct Roll {
    std::vector<Visit*> visits;                      // by start
    std::map<LocalDate, std::vector<Visit*>> weeks;  // by start, too
    std::set<LocalDate> dates;
  };
  using Changed = std::vector<Visit*>;

  static std::size_t add(Roll& roll, Visit& visit);
  static std::size_t remove(Roll& roll, const Visit& visit);
  static void number(Roll& roll, std::size_t from, Changed& changed);
  static void number_week(Roll& roll, LocalDate week, LocalDate today,
                          Changed& changed);

  std::map<const episode::Referral*, Roll> rolls_;
};

}  // namespace gateway::billing
