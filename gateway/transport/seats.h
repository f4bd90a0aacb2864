// Seats counts the open connections of a server, in all and by address, so
// that nobody can take all places and a drain knows when the last has left.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace gateway::transport {

struct SeatLimits {
  std::size_t in_all = 10'000;
  std::size_t by_address = 10'000;
};

class Seats : public std::enable_shared_from_this<Seats> {
 public:
  explicit Seats(SeatLimits limits) : limits_(limits) {}

  // One place, taken as long as it lives.
  class Seat {
   public:
    Seat() = default;
    Seat(Seat&& other) noexcept = default;
    Seat& operator=(Seat&& other) noexcept = default;
    ~Seat();
    [[nodiscard]] bool beyond_limits() const { return beyond_limits_; }

   private:
    friend class Seats;
    std::shared_ptr<Seats> seats_;
    std::string address_;
    bool beyond_limits_ = false;
  };

  // Always a place: who is beyond the limits needs one too, to be told so.
  Seat take(const std::string& address);

  [[nodiscard]] std::size_t taken() const;
  // Whether all left within `patience`.
  bool wait_until_empty(std::chrono::milliseconds patience);

 private:
  void leave(const std::string& address);

  const SeatLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::size_t taken_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};

using Seat = Seats::Seat;

}  // namespace gateway::transport
