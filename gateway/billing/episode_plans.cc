#include "billing/episode_plans.h"

namespace gateway::billing {

EpisodePlan episode_of(const ReferralView& owner,
                       const Attendance& attendance) {
  EpisodePlan episode;
  episode.key = "episode|" + owner.root;
  episode.referral = owner.order;
  episode.program = owner.program;
  episode.start = attendance.first(owner.order);
  for (const auto* visit : attendance.of(owner.order)) {
    if (!episode.organization.empty()) break;
    episode.organization = visit->provider;
  }
  episode.status = episode.start ? "active" : "planned";
  // An order that was taken back completes nothing.
  if (!owner.open) episode.status = "cancelled";
  if (owner.order->status == "entered-in-error") {
    episode.status = "entered-in-error";
  }
  if (owner.facts.value(program::Fact::episode_discharged) == 1) {
    episode.status = "finished";
    if (!owner.discharged_by.empty()) {
      episode.end = owner.discharged;
      episode.discharge_reason = owner.discharge_reason;
      episode.discharged_by = owner.discharged_by;
    }
  }
  return episode;
}

}  // namespace gateway::billing
