#include "server/profile_holds.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"

namespace gateway::server {
namespace {

using billing::Plan;
using billing::TaskPlan;

// What a defect holds, and who is asked to do what about it.
struct Held {
  std::string focus;
  std::string task;
  std::string patient;
};

bool is_part_of(const billing::Visit& visit, const std::string& session) {
  const auto is = [&](const episode::Session* one) {
    return one->source.key == session;
  };
  return std::any_of(visit.segments.begin(), visit.segments.end(), is) ||
         std::any_of(visit.extras.begin(), visit.extras.end(), is);
}

std::vector<Held> held_by(const Plan& plan, const std::string& key) {
  std::vector<Held> held;
  for (const auto& view : plan.referrals) {
    const auto& order = view.order->source.key;
    const bool covers =
        view.coverage != nullptr && view.coverage->source.key == key;
    if (view.open && (order == key || covers)) {
      held.push_back({order, "correct-referral", view.patient});
    }
  }
  for (const auto& grant : plan.grants) {
    if (grant.authorization->source.key != key ||
        grant.decision == episode::Decision::withdrawn) {
      continue;
    }
    held.push_back({key, "link-authorization", grant.authorization->patient});
  }
  for (const auto& visit : plan.visits) {
    if (!is_part_of(visit, key)) continue;
    held.push_back({key, "review-session", visit.referral->patient});
    break;
  }
  return held;
}

TaskPlan& task_of(Plan& plan, const Held& held) {
  const auto key = "task|" + held.focus + "|" + held.task;
  const auto known =
      std::find_if(plan.tasks.begin(), plan.tasks.end(),
                   [&](const TaskPlan& task) { return task.key == key; });
  if (known != plan.tasks.end()) return *known;
  plan.tasks.push_back({.key = key,
                        .focus = held.focus,
                        .code = held.task,
                        .patient = held.patient,
                        .findings = {}});
  return plan.tasks.back();
}

}  // namespace

bool rests_on(const billing::ClaimPlan& claim, const std::string& key) {
  if (claim.grant == key) return true;
  if (claim.coverage != nullptr && claim.coverage->source.key == key) {
    return true;
  }
  return std::any_of(claim.visits.begin(), claim.visits.end(),
                     [&](const billing::Visit* visit) {
                       return visit->referral->source.key == key ||
                              is_part_of(*visit, key);
                     });
}

void hold_defects(const Defects& defects, Plan& plan) {
  for (const auto& [key, findings] : defects) {
    for (const auto& held : held_by(plan, key)) {
      auto& task = task_of(plan, held);
      for (const auto& finding : findings) {
        if (std::find(task.findings.begin(), task.findings.end(), finding) ==
            task.findings.end()) {
          task.findings.push_back(finding);
        }
      }
    }
    for (auto& claim : plan.claims) {
      if (rests_on(claim, key)) claim.held = true;
    }
  }
}

std::string with_defects(std::string parameters, const Defects& defects) {
  constexpr std::string_view kEnd = "]}";
  if (defects.empty() || !parameters.ends_with(kEnd)) return parameters;
  parameters.resize(parameters.size() - kEnd.size());
  for (const auto& [key, findings] : defects) {
    for (const auto& finding : findings) {
      JsonWriter out;
      const auto part = [&out](std::string_view name, std::string_view type,
                               std::string_view value) {
        out.begin_object()
            .member("name", name)
            .member(type, value)
            .end_object();
      };
      out.begin_object().member("name", "finding").key("part").begin_array();
      part("rule", "valueCode", finding.rule);
      part("severity", "valueCode", code(finding.severity));
      part("text", "valueString",
           key + ", " + finding.expression + ": " + sentence(finding));
      out.end_array().end_object();
      if (parameters.back() != '[') parameters += ',';
      parameters += out.text();
    }
  }
  return parameters + std::string(kEnd);
}

}  // namespace gateway::server
