#include "transport/seats.h"

namespace gateway::transport {

Seats::Seat::~Seat() {
  if (seats_) seats_->leave(address_);
}

Seat Seats::take(const std::string& address) {
  Seat seat;
  const std::lock_guard lock(mutex_);
  const std::size_t here = ++by_address_[address];
  seat.beyond_limits_ = ++taken_ > limits_.in_all || here > limits_.by_address;
  seat.seats_ = shared_from_this();
  seat.address_ = address;
  return seat;
}

void Seats::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(address);
  if (--found->second == 0) by_address_.erase(found);
  if (--taken_ == 0) emptied_.notify_all();
}

std::size_t Seats::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

bool Seats::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, patience, [this] { return taken_ == 0; });
}

}  // namespace gateway::transport
