#include "billing/intake.h"

#include <algorithm>

namespace gateway::billing {
namespace {

constexpr std::string_view kNoUnits = "billing/no-units";

// Documents that a site only wants to see are the checklist's.
bool warns(const Judgement& one) {
  return one.verdict == Verdict::unmet && one.weight == program::Weight::warn &&
         !one.gated;
}

// A session that makes no unit, and waits for nobody, is never heard of again.
void warn_of(const Visit& visit, std::vector<IntakeWarning>& all) {
  if (visit.units.first != 0 || visit.held()) return;
  for (const auto& one : visit.judgements) {
    if (one.rule != kNoUnits || one.verdict != Verdict::unmet) continue;
    IntakeWarning warning{one.focus, {}, one.finding()};
    for (const auto* segment : visit.segments) {
      warning.causes.push_back(segment->source.key);
    }
    all.push_back(std::move(warning));
  }
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
  for (const auto& visit : plan.visits) warn_of(visit, all);
  constexpr std::string_view kSlot = "Appointment/";
  for (auto slot = plan.others.lower_bound(kSlot);
       slot != plan.others.end() && slot->first.starts_with(kSlot); ++slot) {
    for (const auto& one : slot->second) {
      if (warns(one)) all.push_back({slot->first, {}, one.finding()});
    }
  }
  return all;
}

}  // namespace gateway::billing
