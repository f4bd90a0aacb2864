#include "billing/predecessors.h"

#include "billing/task_step.h"

namespace gateway::billing {

using episode::Emitted;

bool closed(const Emitted& task) {
  return task.status == "completed" || task.status == "cancelled" ||
         task.status == "failed" || task.status == "rejected" ||
         task.status == "entered-in-error";
}

std::vector<const Emitted*> chain_of(const episode::Case& facts,
                                     std::string_view key) {
  const auto found = facts.emitted_by_key().find(key);
  if (found == facts.emitted_by_key().end()) return {};
  return found->second;
}

const Emitted* standing_under(const episode::Case& facts,
                              std::string_view key) {
  const Emitted* last = nullptr;
  const auto found = facts.emitted_by_key().find(key);
  if (found == facts.emitted_by_key().end()) return last;
  for (const auto* one : found->second) {
    if (one->type != "Task" || !closed(*one)) last = one;
  }
  return last;
}

const Emitted* earlier_task(const episode::Case& facts, std::string_view key) {
  if (const auto* open = standing_under(facts, key)) return open;
  const Emitted* ended = nullptr;
  for (const auto* one : chain_of(facts, key)) {
    if (ended_by_owner(*one)) ended = one;
  }
  return ended;
}

std::vector<std::string> emitted_keys(const episode::Case& facts,
                                      std::string_view prefix) {
  std::vector<std::string> keys;
  const auto& keyed = facts.emitted_by_key();
  for (auto one = keyed.lower_bound(prefix);
       one != keyed.end() && one->first.starts_with(prefix); ++one) {
    keys.push_back(one->first);
  }
  return keys;
}

}  // namespace gateway::billing
