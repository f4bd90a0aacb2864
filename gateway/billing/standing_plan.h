// StandingPlan is the plan of a case as it stands, and follows the case: what
// an event cannot reach is not judged again. decide() is its law: after each
// step the plan equals the one that decide() makes of the same facts.
//
// Sessions, bookings and notes are followed by themselves; what everything
// rests on (a referral, a coverage, an authorization, a party, a pull, the
// first date of an episode) is decided as a whole.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "billing/allocate.h"
#include "billing/attendance.h"
#include "billing/bookings.h"
#include "billing/charts.h"
#include "billing/next_change.h"
#include "billing/outstanding.h"
#include "billing/plan.h"
#include "billing/reach.h"
#include "billing/task_board.h"
#include "billing/visits.h"

namespace gateway::billing {

class StandingPlan {
 public:
  // REQUIRES: the case and the programs outlive this.
  StandingPlan(const episode::Case& facts, const program::Programs& programs);
  StandingPlan(const StandingPlan&) = delete;
  StandingPlan& operator=(const StandingPlan&) = delete;
  ~StandingPlan();

  // Brings the plan to what was applied to the case, and to the instant.
  Reach follow(Instant now);
  // What was applied since was emitted from this very plan; `next_turn` is when
  // time alone changes that again (Changes::next_change).
  void note_emitted(std::optional<Instant> next_turn);

  [[nodiscard]] const Plan& plan() const { return plan_; }
  // Nothing of the plan, or of what was emitted, changes before this instant.
  [[nodiscard]] std::optional<Instant> next_change() const;
  Plan take() && { return std::move(plan_); }

 private:
  struct Step;  // what one call of follow has found out

  Reach decide_whole();
  bool sort(const episode::Case::Applied& applied, Step& step) const;
  bool follow_sessions(Step& step);
  bool follow_bookings(Step& step);
  bool follow_notes(Step& step);
  void finish(Step& step);

  [[nodiscard]] bool is_timely(Instant now) const;
  [[nodiscard]] bool day_stands(LocalDate before);
  void pass_days(LocalDate before, Step& step);
  void note_next(std::optional<Instant>& known, Instant when);
  void find_next_change();
  [[nodiscard]] const ReferralView& view(const Visit& visit) const;
  void settle(Visit& visit, Step& step);
  void settle_from(std::size_t place, Step& step);
  void prepare(Visit& visit, const ReferralView& owner) const;
  void leave(const Visit& visit, Step& step);
  void pin(Visit& visit) const;
  void take_billed();
  void touch(const Visit& visit, Step& step) const;
  static void touch(const Booking& booking, Step& step);
  void reserve_bookings(Step& step);
  void close_accounts(std::vector<Posting> booked, Step& step);
  void plan_episodes(Step& step);
  void plan_tasks(Step& step);
  [[nodiscard]] std::string patient_of(const std::string& focus) const;

  const episode::Case& case_;
  const program::Programs& programs_;
  Instant now_;
  LocalDate today_;
  bool stale_ = true;  // nothing was decided yet, or nothing can be kept
  std::uint64_t applied_ = 0;  // of the case's journal
  std::uint64_t pulls_ = 0;
  NextChange next_;
  std::optional<Instant> next_turn_;

  Plan plan_;
  std::unique_ptr<VisitBook> book_;
  std::unique_ptr<Allocator> allocator_;
  Attendance attendance_;
  Charts charts_;
  Outstanding outstanding_;
  std::vector<Posting>
      billed_;  // of dates that nobody was treated on after all
  Bookings bookings_;
  Charts::Policies policies_;        // of the visits and the referrals
  std::set<std::string> attending_;  // Encounters that name who attends
  std::set<const episode::Referral*> attended_;  // of several
  TaskBoard tasks_;
};

}  // namespace gateway::billing
