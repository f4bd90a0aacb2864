// Outstanding is what the payer has in hand: the dates, quantities and sessions
// of claims that were pulled, until a void of them was pulled too. What is
// outstanding keeps its authorization, and is not billed a second time.

#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "billing/plan.h"
#include "episode/case.h"

namespace gateway::billing {

// One date of a pulled claim.
struct OutstandingDate {
  std::string root;  // of the referral
  LocalDate date;
  std::string claim;   // its version that was pulled
  std::string chain;   // key of the claims that replace each other
  std::string number;  // of the authorization
  Units units;         // as billed
};

class Outstanding {
 public:
  Outstanding() = default;
  explicit Outstanding(const episode::Case& facts);

  // Null where no claim in the payer's hands bills this date.
  [[nodiscard]] const OutstandingDate* on(const std::string& root,
                                          LocalDate date) const;
  struct Bill {
    std::string chain, claim;  // the version that was pulled
  };
  // The claim, of another chain, that bills the session; null where none does.
  [[nodiscard]] const Bill* elsewhere(const std::string& session,
                                      std::string_view chain) const;
  [[nodiscard]] auto begin() const { return dates_.begin(); }
  [[nodiscard]] auto end() const { return dates_.end(); }

 private:
  void add(const episode::Emitted& claim, const std::string& chain,
           std::string_view versioned);

  std::map<std::pair<std::string, LocalDate>, OutstandingDate> dates_;
  std::map<std::string, std::vector<Bill>, std::less<>> by_session_;
};

}  // namespace gateway::billing
