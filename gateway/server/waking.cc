#include "server/waking.h"

#include <algorithm>

namespace gateway::server {
namespace {

constexpr std::chrono::hours kHour{1};
constexpr std::chrono::hours kBacklog{24};

}  // namespace

std::string Waking::hour_key(Instant when) {
  return "Time/" + utc_text(when).substr(0, 13);
}

std::optional<std::string> Waking::note(const Due& due, Instant next) {
  const std::lock_guard lock(mutex_);
  const auto [known, fresh] = noted_.try_emplace(due, next);
  if (!fresh && known->second <= next) return std::nullopt;
  known->second = next;
  // One hour more than was read: while that hour is read, this commit may not
  // be durable yet.
  if (next < read_until_ + kHour) armed_.emplace(next, due);
  return hour_key(next);
}

void Waking::forget(const Due& due) {
  const std::lock_guard lock(mutex_);
  noted_.erase(due);
}

Status Waking::begin(Instant now) {
  const auto newest = store_.messages(store::Scope::all(), {.count = 1});
  if (!newest) return newest.error();
  auto from = now;
  if (!newest->empty()) {
    const auto& last = newest->front();
    from =
        std::min({now, last.message.received_at, last.committed_at}) - kBacklog;
  }
  const std::lock_guard lock(mutex_);
  read_until_ = std::chrono::floor<std::chrono::hours>(from);
  return Done{};
}

// Where this process noted the exact instant, that counts; what an earlier one
// left is due at once, and its decision tells when it is really due.
Status Waking::load_hour(Hour hour) {
  const auto end = hour + kHour;
  for (const auto& owner : owners_()) {
    const auto cases = store_.dependents(owner, hour_key(hour));
    if (!cases) return cases.error();
    const std::lock_guard lock(mutex_);
    for (const auto& case_key : *cases) {
      const Due due{owner, case_key};
      const auto known = noted_.find(due);
      if (known == noted_.end()) {
        armed_.emplace(hour, due);
      } else if (known->second < end) {
        armed_.emplace(known->second, due);
      }
    }
  }
  const std::lock_guard lock(mutex_);
  read_until_ = end;
  return Done{};
}

Result<std::optional<Waking::Due>> Waking::next_due(Instant now) {
  while (read_until_ <= now) {
    if (auto status = load_hour(read_until_); !status) return status.error();
  }
  const std::lock_guard lock(mutex_);
  if (armed_.empty() || armed_.begin()->first > now) {
    return std::optional<Due>();
  }
  const auto due = armed_.begin()->second;
  armed_.erase(armed_.begin());
  const auto known = noted_.find(due);
  if (known != noted_.end() && known->second <= now) noted_.erase(known);
  return std::optional<Due>(due);
}

void Waking::put_off(const Due& due, Instant until) {
  const std::lock_guard lock(mutex_);
  armed_.emplace(until, due);
}

}  // namespace gateway::server
