// Posted is the ledger so far, added up by cause; due_entries are what is to be
// appended so that it says what the plan says: reversals, never rewrites.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "billing/plan.h"
#include "billing/reach.h"

namespace gateway::billing {

// As store::LedgerEntry, whose owner the server adds.
struct Entry {
  std::string authorization;  // ClaimResponse id, or its key
  std::string account;
  std::string unit;
  std::string amount;
  std::string cause;
  std::string reason;
};

class Posted {
 public:
  struct Place {
    std::string authorization, unit, account;
    auto operator<=>(const Place&) const = default;
  };
  struct Sum {
    std::int64_t amount = 0;  // thousandths
    std::string cause;        // as it was first posted
  };
  using Sums = std::map<Place, Sum>;

  Posted() = default;
  explicit Posted(const std::vector<Entry>& entries);
  void add(const Entry& entry);
  // Keys are causes without their version.
  [[nodiscard]] const std::map<std::string, Sums, std::less<>>& by_cause()
      const {
    return by_cause_;
  }

 private:
  std::map<std::string, Sums, std::less<>> by_cause_;
};

std::vector<Entry> due_entries(const Plan& plan, const Reach& reach,
                               const Posted& posted);

// "Type/id/_history/n" without its version.
std::string_view unversioned(std::string_view reference);

}  // namespace gateway::billing
