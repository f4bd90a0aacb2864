#include "server/lanes.h"

#include <algorithm>
#include <utility>

namespace gateway::server {

struct Lanes::Ticket {
  std::vector<std::string> keys;
  std::size_t behind = 0;  // lanes in which others come first
  Turn turn;
};

Lanes::Lease& Lanes::Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    release();
    lanes_ = other.lanes_;
    ticket_ = std::move(other.ticket_);
  }
  return *this;
}

void Lanes::Lease::release() {
  if (ticket_) lanes_->leave(std::exchange(ticket_, nullptr));
}

void Lanes::enter(std::vector<std::string> keys, Turn turn) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  auto ticket = std::make_shared<Ticket>();
  ticket->keys = std::move(keys);
  ticket->turn = std::move(turn);
  {
    // All lanes at once, so that no two messages can wait for each other.
    const std::lock_guard lock(mutex_);
    for (const auto& key : ticket->keys) {
      auto& lane = lanes_[key];
      if (!lane.empty()) ++ticket->behind;
      lane.push_back(ticket);
    }
    if (ticket->behind > 0) return;
  }
  ticket->turn(Lease(this, ticket));
}

void Lanes::leave(const std::shared_ptr<Ticket>& ticket) {
  std::vector<std::shared_ptr<Ticket>> ready;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& key : ticket->keys) {
      const auto lane = lanes_.find(key);
      lane->second.pop_front();
      if (lane->second.empty()) {
        lanes_.erase(lane);
      } else if (--lane->second.front()->behind == 0) {
        ready.push_back(lane->second.front());
      }
    }
  }
  for (const auto& next : ready) start(next);
}

void Lanes::start(const std::shared_ptr<Ticket>& ticket) {
  run_([this, ticket] { ticket->turn(Lease(this, ticket)); });
}

}  // namespace gateway::server
