#include "server/parked_messages.h"

#include <algorithm>
#include <utility>

namespace gateway::server {

std::optional<ParkedMessage> ParkedMessages::ahead_of(
    const std::string& owner, const WaitingKeys& keys,
    store::Sequence sequence) const {
  const std::lock_guard lock(mutex_);
  auto at = sequence == 0 ? waiting_.end() : waiting_.lower_bound(sequence);
  while (at != waiting_.begin()) {
    --at;
    const auto& one = at->second;
    if (one.owner == owner && waits_behind(keys, one.keys)) return one;
  }
  return std::nullopt;
}

std::vector<ParkedMessage> ParkedMessages::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<ParkedMessage> messages;
  for (const auto& [sequence, message] : waiting_) messages.push_back(message);
  return messages;
}

void ParkedMessages::add(ParkedMessage message, const std::string& behind) {
  const std::lock_guard lock(mutex_);
  const bool is_there = std::any_of(
      waiting_.begin(), waiting_.end(),
      [&](const auto& one) { return one.second.task.text() == behind; });
  due_ = due_ || (!behind.empty() && !is_there);
  const auto sequence = message.sequence;
  waiting_.emplace(sequence, std::move(message));
  changed_.notify_all();
}

void ParkedMessages::remove(store::Sequence sequence) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(sequence);
  if (found == waiting_.end()) return;
  const auto gone = std::move(found->second);
  waiting_.erase(found);
  due_ = due_ || std::any_of(waiting_.begin(), waiting_.end(),
                             [&gone](const auto& one) {
                               return one.second.owner == gone.owner &&
                                      waits_behind(one.second.keys, gone.keys);
                             });
  changed_.notify_all();
}

void ParkedMessages::look_at(const std::string& owner,
                             const fhir::ResourceId& task) {
  const std::lock_guard lock(mutex_);
  due_ = due_ ||
         std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& one) {
           return one.second.owner == owner && one.second.task == task;
         });
  changed_.notify_all();
}

void ParkedMessages::look_often(store::Sequence sequence) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(sequence);
  if (found != waiting_.end()) found->second.is_looked_at = true;
}

void ParkedMessages::wake() {
  const std::lock_guard lock(mutex_);
  due_ = true;
  changed_.notify_all();
}

ParkedMessages::Woken ParkedMessages::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  const bool some =
      changed_.wait_for(lock, time, [this] { return due_ || closed_; });
  due_ = false;
  if (closed_) return Woken::ended;
  return some ? Woken::due : Woken::time;
}

void ParkedMessages::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace gateway::server
