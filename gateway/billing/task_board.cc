#include "billing/task_board.h"

#include <algorithm>

namespace gateway::billing {
namespace {

// The same words from two causes are said once.
void say(std::vector<fhir::Finding>& findings, const fhir::Finding& finding) {
  if (std::find(findings.begin(), findings.end(), finding) == findings.end()) {
    findings.push_back(finding);
  }
}

bool asks(const Judgement& one) {
  return one.verdict == Verdict::unmet && !one.task.empty() &&
         one.weight != program::Weight::info;
}

}  // namespace

void TaskBoard::put(const Origin& origin, const Judgements& judgements) {
  const auto before = asked_.find(origin);
  if (before != asked_.end()) {
    for (const auto& key : before->second) {
      needs_[key].findings.erase(origin);
      changed_.insert(key);
    }
    asked_.erase(before);
  }
  for (const auto* list : judgements) {
    for (const auto& one : *list) {
      if (!asks(one)) continue;
      const auto key = "task|" + one.focus + "|" + std::string(one.task);
      auto& needs = needs_[key];
      needs.focus = one.focus;
      needs.code = one.task;
      say(needs.findings[origin], one.finding());
      asked_[origin].insert(key);
      changed_.insert(key);
    }
  }
}

std::set<std::string> TaskBoard::write(
    std::vector<TaskPlan>& tasks,
    const std::function<std::string(const std::string&)>& patient_of) {
  std::set<std::string> foci;
  for (const auto& key : std::exchange(changed_, {})) {
    const auto found = needs_.find(key);
    const auto& needs = found->second;
    TaskPlan task{key, needs.focus, needs.code, {}, {}};
    foci.insert(needs.focus);
    for (const auto& [origin, findings] : needs.findings) {
      for (const auto& finding : findings) say(task.findings, finding);
    }
    const auto place =
        std::lower_bound(tasks.begin(), tasks.end(), key,
                         [](const TaskPlan& one, const std::string& wanted) {
                           return one.key < wanted;
                         });
    const bool known = place != tasks.end() && place->key == key;
    if (task.findings.empty()) {
      if (known) tasks.erase(place);
      needs_.erase(found);
      continue;
    }
    task.patient = patient_of(task.focus);
    if (known) {
      *place = std::move(task);
    } else {
      tasks.insert(place, std::move(task));
    }
  }
  return foci;
}

}  // namespace gateway::billing
