// Allocate gives each visit an authorization, as one would with money: what is
// granted is at every moment reserved, used, expired, released or remaining.
//
// In order of date, each visit takes from the grant that expires first; one
// whose claim was pulled keeps the authorization that it was billed under.

#pragma once

#include "billing/plan.h"

namespace gateway::billing {

class Allocator {
 public:
  Allocator(const episode::Case& facts, const program::Programs& programs,
            Plan& plan);

  // Chooses the grant of a visit, or adds the finding that says why none can
  // serve. REQUIRES: its units are known.
  void choose(Visit& visit, const ReferralView& view);
  // Books what a visit takes: used, or reserved while it is held.
  void book(Visit& visit);
  // False if no grant serves it: an extension is needed.
  bool book_booking(const episode::Appointment& booking,
                    const ReferralView& view, LocalDate date);
  // Closes the balances: what is past is expired, what is withdrawn released.
  void close(Instant now);

 private:
  struct Account {
    const episode::Grant* grant = nullptr;
    std::int64_t visits = 0, hours = 0, further = 0;  // taken
  };
  struct Need {
    std::int64_t visits = 1000, hours = 0, further = 0;
  };
  Account& account(const episode::Grant& grant);
  bool has(const episode::Grant& grant, const Need& need);
  void take(const episode::Grant& grant, const Need& need, Posting posting,
            std::vector<Posting>& postings);
  bool created_before(const episode::Grant& grant, const Visit& visit) const;
  void refuse(Visit& visit, const ReferralView& view);
  void balance(const episode::Grant& grant, std::string_view unit,
               std::int64_t granted, LocalDate today);

  const episode::Case& case_;
  const program::Programs& programs_;
  Plan& plan_;
  std::vector<Account> accounts_;
};

}  // namespace gateway::billing
