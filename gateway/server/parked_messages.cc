#include "server/parked_messages.h"

#include <algorithm>
#include <utility>

namespace gateway::server {

std::set<store::Sequence>& ParkedMessages::mentions_of(std::string_view key,
                                                       ByKey& by_key) {
  const auto name = written_key(key);
  auto& mentions = by_key[std::string(name)];
  return name == key ? mentions.writers : mentions.others;
}

bool ParkedMessages::has_any_of(const std::string& owner) const {
  const std::lock_guard lock(mutex_);
  return by_owner_.contains(owner);
}

std::optional<fhir::ResourceId> ParkedMessages::ahead_of(
    const std::string& owner, const WaitingKeys& keys,
    store::Sequence sequence) const {
  const std::lock_guard lock(mutex_);
  const auto of_owner = by_owner_.find(owner);
  if (of_owner == by_owner_.end()) return std::nullopt;
  store::Sequence last = 0;
  for (const auto& key : keys) {
    const auto& by_key = of_owner->second.by_key;
    const auto found = by_key.find(written_key(key));
    if (found == by_key.end()) continue;
    const auto& writers = found->second.writers;
    auto at = sequence == 0 ? writers.end() : writers.lower_bound(sequence);
    if (at != writers.begin()) last = std::max(last, *--at);
  }
  if (last == 0) return std::nullopt;
  return waiting_.at(last).task;
}

std::vector<ParkedMessage> ParkedMessages::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<ParkedMessage> messages;
  for (const auto& [sequence, message] : waiting_) messages.push_back(message);
  return messages;
}

void ParkedMessages::add(ParkedMessage message, const std::string& behind) {
  const std::lock_guard lock(mutex_);
  due_ = due_ || (!behind.empty() && !by_task_.contains(behind));
  const auto sequence = message.sequence;
  const auto [at, is_new] = waiting_.emplace(sequence, std::move(message));
  if (is_new) {
    auto& of_owner = by_owner_[at->second.owner];
    ++of_owner.count;
    for (const auto& key : at->second.keys) {
      mentions_of(key, of_owner.by_key).insert(sequence);
    }
    by_task_.emplace(at->second.task.text(), sequence);
  }
  changed_.notify_all();
}

void ParkedMessages::remove(store::Sequence sequence) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(sequence);
  if (found == waiting_.end()) return;
  const auto gone = std::move(found->second);
  waiting_.erase(found);
  by_task_.erase(gone.task.text());
  const auto of_owner = by_owner_.find(gone.owner);
  auto& by_key = of_owner->second.by_key;
  for (const auto& key : gone.keys) {
    mentions_of(key, by_key).erase(sequence);
    const auto at = by_key.find(written_key(key));
    const auto& mentions = at->second;
    const bool is_unused = mentions.writers.empty() && mentions.others.empty();
    due_ = due_ || (!is_unused && written_key(key) == key);
    if (is_unused) by_key.erase(at);
  }
  if (--of_owner->second.count == 0) by_owner_.erase(of_owner);
  changed_.notify_all();
}

void ParkedMessages::look_at(const std::string& owner,
                             const fhir::ResourceId& task) {
  const std::lock_guard lock(mutex_);
  const auto found = by_task_.find(task.text());
  due_ = due_ ||
         (found != by_task_.end() && waiting_.at(found->second).owner == owner);
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
