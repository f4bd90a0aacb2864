#include "server/lanes.h"

#include <algorithm>
#include <utility>

namespace gateway::server {

struct Lanes::Ticket {
  std::vector<std::pair<std::string, bool>> keys;  // with: is it shared
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

void Lanes::enter(Keys keys, Turn turn) {
  auto ticket = std::make_shared<Ticket>();
  ticket->turn = std::move(turn);
  // Of one key the place of its own sorts first, and is what stays.
  auto& wanted = ticket->keys;
  for (auto& key : keys.own) wanted.emplace_back(std::move(key), false);
  for (auto& key : keys.shared) wanted.emplace_back(std::move(key), true);
  std::sort(wanted.begin(), wanted.end());
  const auto same_key = [](const auto& one, const auto& other) {
    return one.first == other.first;
  };
  wanted.erase(std::unique(wanted.begin(), wanted.end(), same_key),
               wanted.end());
  {
    // All lanes at once, so that no two messages can wait for each other.
    const std::lock_guard lock(mutex_);
    for (const auto& [key, shared] : wanted) {
      auto& lane = lanes_[key];
      const bool admitted = lane.empty() || (shared && lane.back().shared &&
                                             lane.back().admitted);
      if (!admitted) ++ticket->behind;
      lane.push_back({ticket, shared, admitted});
    }
    if (ticket->behind > 0) return;
  }
  ticket->turn(Lease(this, ticket));
}

void Lanes::leave(const std::shared_ptr<Ticket>& ticket) {
  Tickets ready;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, shared] : ticket->keys) {
      const auto lane = lanes_.find(key);
      auto& places = lane->second;
      places.erase(std::find_if(places.begin(), places.end(), [&](auto& one) {
        return one.ticket == ticket;
      }));
      if (places.empty()) {
        lanes_.erase(lane);
      } else {
        admit(places, ready);
      }
    }
  }
  for (const auto& next : ready) start(next);
}

// The first, and with a first that shares those behind it that share too.
void Lanes::admit(Lane& lane, Tickets& ready) {
  for (auto& place : lane) {
    const bool is_first = &place == &lane.front();
    if (!is_first && !(lane.front().shared && place.shared)) return;
    if (std::exchange(place.admitted, true)) continue;
    if (--place.ticket->behind == 0) ready.push_back(place.ticket);
  }
}

void Lanes::start(const std::shared_ptr<Ticket>& ticket) {
  run_([this, ticket] { ticket->turn(Lease(this, ticket)); });
}

}  // namespace gateway::server
