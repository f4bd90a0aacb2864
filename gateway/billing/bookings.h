// Bookings are the open appointments of a case, each with what the policy says
// of its slot. In order of time, they reserve what the sessions left.

#pragma once

#include <set>
#include <string>
#include <vector>

#include "billing/allocate.h"
#include "billing/attendance.h"
#include "billing/plan.h"

namespace gateway::billing {

struct Booking {
  enum class State : std::uint8_t { unknown, attended, unfit, reserved, none };
  const episode::Appointment* appointment = nullptr;
  const ReferralView* owner = nullptr;
  LocalDate date;
  std::vector<Judgement> judgements;  // of the slot
  bool fits = true;                   // a slot too short reserves nothing
  State state = State::unknown;
  Take take;
};

class Bookings {
 public:
  // Those of referrals that are open. What others reserved before is
  // forgotten.
  void read(const Plan& plan, const episode::Case& facts,
            const program::Programs& programs);

  // What all reserve is free for others, and is taken again.
  void put_back(Allocator& allocator) const;
  void take_again(Allocator& allocator) const;

  struct Reserved {
    std::vector<Posting> postings;
    std::set<std::string> others;  // of the plan, that changed
    std::set<std::string> foci;
  };
  // Reserves anew, and writes into plan.others what is to be said of it.
  // REQUIRES: nothing is taken.
  Reserved reserve(const Attendance& attendance, LocalDate today,
                   Allocator& allocator, Plan& plan);

  [[nodiscard]] const std::vector<Booking>& open() const { return open_; }
  // Some referral needs an extension, or asks for one.
  [[nodiscard]] bool any_in_need() const { return !in_need_.empty(); }

 private:
  using Owners = std::set<const ReferralView*>;

  void note_needs(const Owners& in_need, const Attendance& attendance,
                  LocalDate today, Plan& plan, Reserved& reserved) const;
  // Slots of one referral and date, as far as they reserve.
  using Days = std::map<std::pair<const ReferralView*, LocalDate>,
                        std::vector<episode::Interval>>;
  static std::optional<Allocator::Reservation> reserve_slot(
      const Booking& booking, Allocator& allocator, Days& days);

  std::vector<Booking> open_;  // in order of time
  // Those for which an EHR asks the payer, and has no answer yet.
  Owners asking_;
  Owners in_need_;
};

}  // namespace gateway::billing
