#include "server/plans.h"

namespace gateway::server {

std::string_view name(PlanState state) {
  switch (state) {
    case PlanState::planning:
      return "planning";
    case PlanState::planned:
      return "planned";
    case PlanState::running:
      return "running";
    case PlanState::done:
      return "done";
    case PlanState::cancelled:
      return "cancelled";
    case PlanState::failed:
      return "failed";
  }
  return "failed";
}

bool ended(PlanState state) {
  return state == PlanState::done || state == PlanState::cancelled ||
         state == PlanState::failed;
}

}  // namespace gateway::server
