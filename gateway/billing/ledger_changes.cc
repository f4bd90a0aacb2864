#include "billing/ledger_changes.h"

#include <map>
#include <utility>

#include "billing/emit.h"

namespace gateway::billing {
namespace {

struct Place {
  std::string authorization, unit, account, cause;
  auto operator<=>(const Place&) const = default;
};
struct Sum {
  std::int64_t wanted = 0;
  std::int64_t posted = 0;
  std::string cause;
  std::string reason;
};

std::string unversioned(const std::string& cause) {
  return cause.substr(0, cause.find("/_history/"));
}

}  // namespace

std::vector<Entry> ledger_changes(const Plan& plan,
                                  const std::vector<Entry>& posted) {
  std::vector<Entry> changes;
  std::map<Place, Sum> sums;
  for (const auto* one : plan.all_postings()) {
    const auto cause = unversioned(one->cause);
    for (const auto& [account, amount] : {std::pair(one->from, -one->amount),
                                          std::pair(one->to, one->amount)}) {
      auto& sum = sums[{one->authorization, std::string(one->unit),
                        std::string(account), cause}];
      sum.wanted += amount;
      sum.cause = one->cause;
      sum.reason = one->reason;
    }
  }
  for (const auto& entry : posted) {
    const auto amount = Decimal::parse(entry.amount).value_or(Decimal());
    const auto scaled = amount.rounded(3).value_or(Decimal());
    auto& sum = sums[{entry.authorization, entry.unit, entry.account,
                      unversioned(entry.cause)}];
    sum.posted += static_cast<std::int64_t>(scaled.coefficient());
    if (sum.cause.empty()) sum.cause = entry.cause;
  }
  for (const auto& [place, sum] : sums) {
    const auto difference = sum.wanted - sum.posted;
    if (difference == 0) continue;
    changes.push_back({place.authorization, place.account, place.unit,
                       quantity_text(difference), sum.cause,
                       sum.posted == 0 ? sum.reason : std::string("reversed")});
  }
  return changes;
}

}  // namespace gateway::billing
