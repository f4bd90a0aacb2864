#include "billing/posted.h"

#include "billing/emit.h"

namespace gateway::billing {
namespace {

struct Wanted {
  std::int64_t amount = 0;
  std::string cause;
  std::string reason;
};
using Wants = std::map<Posted::Place, Wanted>;

void want(const Posting& one, Wants& wants) {
  for (const auto& [account, amount] :
       {std::pair(one.from, -one.amount), std::pair(one.to, one.amount)}) {
    auto& wanted =
        wants[{one.authorization, std::string(one.unit), std::string(account)}];
    wanted.amount += amount;
    wanted.cause = one.cause;
    wanted.reason = one.reason;
  }
}

// What the postings of each cause come to: nothing where none is left.
std::map<std::string, Wants, std::less<>> wanted_by_cause(
    const Plan& plan, const Reach& reach, const Posted& posted) {
  std::map<std::string, Wants, std::less<>> wants;
  const auto add = [&](const Posting& one) {
    const auto cause = std::string(unversioned(one.cause));
    if (reach.whole || reach.causes.contains(cause)) want(one, wants[cause]);
  };
  if (reach.whole) {
    for (const auto& [cause, sums] : posted.by_cause()) wants[cause];
    for (const auto* one : plan.all_postings()) add(*one);
    return wants;
  }
  for (const auto& cause : reach.causes) wants[cause];
  for (const auto& [key, visit] : reach.visits) {
    if (visit == nullptr) continue;
    for (const auto& one : visit->postings) add(one);
  }
  for (const auto& one : plan.postings) add(one);
  return wants;
}

void settle(const Wants& wants, const Posted::Sums& sums,
            std::vector<Entry>& due) {
  const auto post = [&](const Posted::Place& place, std::int64_t amount,
                        const std::string& cause, std::string reason) {
    if (amount == 0) return;
    due.push_back({place.authorization, place.account, place.unit,
                   quantity_text(amount), cause, std::move(reason)});
  };
  for (const auto& [place, wanted] : wants) {
    const auto sum = sums.find(place);
    const auto before = sum == sums.end() ? 0 : sum->second.amount;
    post(place, wanted.amount - before, wanted.cause,
         before == 0 ? wanted.reason : std::string("reversed"));
  }
  for (const auto& [place, sum] : sums) {
    if (wants.contains(place)) continue;
    post(place, -sum.amount, sum.cause, "reversed");
  }
}

}  // namespace

std::string_view unversioned(std::string_view reference) {
  return reference.substr(0, reference.find("/_history/"));
}

Posted::Posted(const std::vector<Entry>& entries) {
  for (const auto& entry : entries) add(entry);
}

void Posted::add(const Entry& entry) {
  const auto amount = Decimal::parse(entry.amount).value_or(Decimal());
  const auto scaled = amount.rounded(3).value_or(Decimal());
  auto& sum = by_cause_[std::string(unversioned(entry.cause))]
                       [{entry.authorization, entry.unit, entry.account}];
  sum.amount += static_cast<std::int64_t>(scaled.coefficient());
  if (sum.cause.empty()) sum.cause = entry.cause;
}

std::vector<Entry> due_entries(const Plan& plan, const Reach& reach,
                               const Posted& posted) {
  static const Posted::Sums kNone;
  std::vector<Entry> due;
  for (const auto& [cause, wanted] : wanted_by_cause(plan, reach, posted)) {
    const auto sums = posted.by_cause().find(cause);
    settle(wanted, sums == posted.by_cause().end() ? kNone : sums->second, due);
  }
  return due;
}

}  // namespace gateway::billing
