// Intake warnings are what somebody should know of an order or a grant or
// a slot as soon as it arrives, although it holds nothing: fewer visits than
// were ordered, two therapists on one day. No Task bears them, so the answer
// itself does.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

struct IntakeWarning {
  std::string focus;                // "ServiceRequest/1", "ClaimResponse/1"
  std::vector<std::string> causes;  // grants that it rests on, too
  fhir::Finding finding;

  // Whether the sender of `resource` is to hear of it.
  [[nodiscard]] bool concerns(std::string_view resource) const;
};

std::vector<IntakeWarning> intake_warnings(const ReferralView& view);
std::vector<IntakeWarning> intake_warnings(const Plan& plan);

}  // namespace gateway::billing
