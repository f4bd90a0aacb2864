// Allocate gives each visit an authorization, as one would with money: what is
// granted is at every moment reserved, used, expired, released or remaining.
//
// In order of date, each visit takes from the grant that expires first; one
// whose claim was pulled keeps the authorization that it was billed under, even
// where that was withdrawn or shrank since: then that is overdrawn, and the
// claim says so.
// What was taken can be put back, so that a late arrival moves only what comes
// after it.

#pragma once

#include "billing/outstanding.h"
#include "billing/plan.h"

namespace gateway::billing {

class Allocator {
 public:
  // REQUIRES: the grants of the plan are viewed.
  Allocator(const episode::Case& facts, const program::Programs& programs,
            const Plan& plan);

  // The grant of a visit, or why none can serve. REQUIRES: units are counted.
  [[nodiscard]] Choice choose(const Visit& visit,
                              const ReferralView& view) const;
  // Writes a choice into the visit: its facts, inputs and findings.
  void apply(const Choice& choice, const ReferralView& view,
             Visit& visit) const;
  // What a claim in the payer's hands bills is taken before all else. Gives
  // what was taken of its grant, if that is known; see billed_postings().
  Take take_billed(const OutstandingDate& billed);
  static std::vector<Posting> billed_postings(const Take& take,
                                              const OutstandingDate& billed);
  // Books what a visit takes: used, or reserved while it is held.
  void book(Visit& visit);
  void put_back(const Take& take);
  void take_again(const Take& take);
  // What a booking reserves, with its postings: nothing where the payer wants
  // no authorization. None at all if no grant serves it: an extension is
  // needed.
  struct Reservation {
    Take take;
    std::vector<Posting> postings;
  };
  struct Slot {
    const episode::Appointment& booking;
    LocalDate date;
    std::int64_t before = 0, after = 0;  // minutes booked that day: without
                                         // it, and with it
  };
  std::optional<Reservation> reserve(const Slot& slot,
                                     const ReferralView& view);
  // The balances as they stand: what is past is expired, what is withdrawn
  // released. Adds the postings of the authorizations themselves.
  void close(LocalDate today, std::vector<Balance>& balances,
             std::vector<Posting>& postings) const;

 private:
  struct Amounts {
    std::int64_t visits = 0, hours = 0, units = 0, further = 0;
  };
  struct Account {
    const episode::Grant* grant = nullptr;
    Amounts used, reserved;
  };
  static Amounts need(const Units& units);
  static Amounts need(const Visit& visit);
  static Amounts need(const Slot& slot, const program::Policy& policy);
  [[nodiscard]] std::size_t place(const episode::Grant& grant) const;
  [[nodiscard]] bool has(const episode::Grant& grant,
                         const Amounts& need) const;
  [[nodiscard]] bool created_before(const episode::Grant& grant,
                                    const Visit& visit) const;
  [[nodiscard]] static Choice refuse(const Visit& visit,
                                     const ReferralView& view);
  [[nodiscard]] const episode::Grant* billed_on(const std::string& number,
                                                const ReferralView& view) const;
  [[nodiscard]] Choice::Outlived outlived(const Visit& visit,
                                          const ReferralView& view,
                                          const episode::Grant* grant) const;
  void take(const Take& take, std::int64_t sign);

  const episode::Case& case_;
  const program::Programs& programs_;
  const Plan& plan_;
  std::vector<Account> accounts_;
};

}  // namespace gateway::billing
