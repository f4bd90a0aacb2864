#include "billing/decide.h"

#include <algorithm>

#include "billing/standing_plan.h"

namespace gateway::billing {

bool Visit::held() const {
  const auto holds = [](const Judgement& one) { return one.holds(); };
  return std::any_of(judgements.begin(), judgements.end(), holds) ||
         std::any_of(billing.begin(), billing.end(), holds);
}

std::vector<const Judgement*> Plan::unmet() const {
  std::vector<const Judgement*> found;
  const auto add = [&found](const std::vector<Judgement>& judgements) {
    for (const auto& one : judgements) {
      if (one.verdict == Verdict::unmet) found.push_back(&one);
    }
  };
  for (const auto& view : referrals) add(view.judgements);
  for (const auto& [key, judgements] : others) add(judgements);
  for (const auto& visit : visits) {
    add(visit.judgements);
    add(visit.billing);
  }
  return found;
}

std::vector<const Posting*> Plan::all_postings() const {
  std::vector<const Posting*> all;
  for (const auto& visit : visits) {
    for (const auto& one : visit.postings) all.push_back(&one);
  }
  for (const auto& one : postings) all.push_back(&one);
  return all;
}

Plan decide(const episode::Case& facts, const program::Programs& programs,
            Instant now) {
  StandingPlan standing(facts, programs);
  standing.follow(now);
  return std::move(standing).take();
}

}  // namespace gateway::billing
