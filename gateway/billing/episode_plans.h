// EpisodePlans says what each referral's episode ought to be.

#pragma once

#include "billing/attendance.h"
#include "billing/plan.h"

namespace gateway::billing {

// REQUIRES: the chart is read into the facts of the referral.
EpisodePlan episode_of(const ReferralView& owner, const Attendance& attendance);

}  // namespace gateway::billing
