#include "billing/intake.h"

#include <algorithm>

namespace gateway::billing {
namespace {

// Documents that a site only wants to see are the checklist's.
bool warns(const Judgement& one) {
  return one.verdict == Verdict::unmet && one.weight == program::Weight::warn &&
         !one.gated;
}

}  // namespace

bool IntakeWarning::concerns(std::string_view resource) const {
  return focus == resource ||
         std::find(causes.begin(), causes.end(), resource) != causes.end();
}

std::vector<IntakeWarning> intake_warnings(const ReferralView& view) {
  std::vector<IntakeWarning> found;
  for (const auto& one : view.judgements) {
    if (!warns(one)) continue;
    IntakeWarning warning{one.focus, {}, one.finding()};
    // What our own rules say of an order, its grants made so.
    if (one.row == nullptr) {
      for (const auto* grant : view.grants) {
        warning.causes.push_back(grant->authorization->source.key);
      }
    }
    found.push_back(std::move(warning));
  }
  return found;
}

std::vector<IntakeWarning> intake_warnings(const Plan& plan) {
  std::vector<IntakeWarning> all;
  for (const auto& view : plan.referrals) {
    for (auto& one : intake_warnings(view)) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace gateway::billing
