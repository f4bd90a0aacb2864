#include "billing/task_step.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/json_writer.h"
#include "billing/business_days.h"
#include "billing/predecessors.h"

namespace gateway::billing {
namespace {

std::set<std::string, std::less<>> rules_of(Json task) {
  std::set<std::string, std::less<>> rules;
  for (const Json input : task.get("input")) {
    rules.emplace(input.find("type.coding.code").text());
  }
  return rules;
}

}  // namespace

bool ended_by_owner(const episode::Emitted& task) {
  if (task.status != "completed" && task.status != "rejected" &&
      task.status != "failed" && task.status != "cancelled") {
    return false;
  }
  const auto document = JsonDocument::parse(task.body);
  if (!document) return false;
  const auto why = document->root().find("statusReason.text").text();
  return why != kCauseGone && why != kWithdrawn;
}

bool escalated(const episode::Emitted& task) {
  const auto document = JsonDocument::parse(task.body);
  return document && document->root()
                         .find("owner.identifier.system")
                         .text()
                         .ends_with("/NamingSystem/staff");
}

bool acknowledges(const episode::Emitted& task, const TaskPlan& plan) {
  const auto document = JsonDocument::parse(task.body);
  if (!document) return false;
  const auto known = rules_of(document->root());
  return std::all_of(plan.findings.begin(), plan.findings.end(),
                     [&](const fhir::Finding& finding) {
                       return finding.severity > fhir::Severity::error &&
                              known.contains(finding.rule);
                     });
}

std::vector<std::pair<std::string, std::string>> kept_words(
    const episode::Emitted& task, const episode::Case& facts) {
  std::vector<std::pair<std::string, std::string>> kept;
  const auto document = JsonDocument::parse(task.body);
  if (!document) return kept;
  const auto keep = [&](std::string_view name) {
    const auto words = document->root().get(name);
    if (words.exists()) kept.emplace_back(name, words.raw());
  };
  keep("note");
  if (facts.correction_stands(task.source.key)) keep("output");
  return kept;
}

TaskBody next_body(const episode::Emitted* earlier, const episode::Case& facts,
                   const std::string& now) {
  if (earlier == nullptr) return {.id = {}, .authored = now, .modified = now};
  return {.id = {},
          .status = closed(*earlier) ? "requested" : earlier->status,
          .authored = earlier->stamp,
          .modified = earlier->modified,
          .kept = kept_words(*earlier, facts)};
}

bool withdrawn(const std::string& focus, const episode::Case& facts) {
  const auto session = facts.sessions().find(focus);
  if (session != facts.sessions().end()) {
    return session->second.state == episode::Session::State::withdrawn;
  }
  const auto order = facts.referrals().find(focus);
  if (order == facts.referrals().end()) return false;
  return order->second.status == "revoked" ||
         order->second.status == "entered-in-error";
}

std::string ended_task_json(const episode::Emitted& task, const TaskEnd& end,
                            const episode::Case& facts) {
  const auto document = JsonDocument::parse(task.body);
  if (!document) return {};
  const bool stands = facts.correction_stands(task.source.key);
  JsonWriter out;
  out.begin_object();
  for (const Json member : document->root()) {
    const auto name = member.name();
    const bool stale = name == "output" && !stands;
    if (name == "statusReason" || name == "lastModified" || stale) continue;
    out.key(name);
    if (name == "status") {
      out.string(end.status);
    } else {
      out.raw(member.raw());
    }
  }
  out.member("lastModified", utc_text(end.now))
      .key("statusReason")
      .begin_object()
      .member("text", end.reason)
      .end_object()
      .end_object();
  return out.take();
}

EscalationTurn escalation_of(const TaskBody& body,
                             const episode::Emitted* earlier,
                             const program::Programs& programs, Instant now) {
  const auto& escalation = programs.site().escalation;
  if (!escalation) return {};
  if (earlier != nullptr && escalated(*earlier)) return {&*escalation, {}};
  const bool waiting = body.status == "requested" || body.status == "received";
  const auto since = parse_instant(body.authored);
  if (!waiting || !since) return {};
  const auto& zone = programs.zone();
  const auto last =
      plus_business_days(zone.date(*since), escalation->after_business_days);
  const auto when = zone.start_of(last.plus_days(1));
  if (when <= now) return {&*escalation, {}};
  return {nullptr, when};
}

std::vector<TaskPlan> reached_tasks(const Plan& plan, const Reach& reach,
                                    const std::vector<Judgement>& waiting) {
  const auto before_key = [](const TaskPlan& task, const std::string& key) {
    return task.key < key;
  };
  auto tasks = reach.whole ? plan.tasks : std::vector<TaskPlan>();
  for (const auto& focus : reach.foci) {
    if (reach.whole) break;
    const auto prefix = "task|" + focus + "|";
    auto one = std::lower_bound(plan.tasks.begin(), plan.tasks.end(), prefix,
                                before_key);
    for (; one != plan.tasks.end() && one->key.starts_with(prefix); ++one) {
      tasks.push_back(*one);
    }
  }
  std::sort(tasks.begin(), tasks.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
  for (const auto& one : waiting) {
    const auto key = "task|" + one.focus + "|" + std::string(one.task);
    auto found =
        std::find_if(tasks.begin(), tasks.end(),
                     [&](const TaskPlan& task) { return task.key == key; });
    if (found == tasks.end()) {
      const auto patient = plan.referrals.empty()
                               ? std::string()
                               : plan.referrals.front().patient;
      tasks.push_back({key, one.focus, std::string(one.task), patient, {}});
      found = std::prev(tasks.end());
    }
    found->findings.push_back(one.finding());
  }
  return tasks;
}

}  // namespace gateway::billing
