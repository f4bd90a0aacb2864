#include "transport/seats.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace gateway::transport {
namespace {

using std::chrono::milliseconds;

TEST(SeatsTest, CountsAndFrees) {
  const auto seats = std::make_shared<Seats>(SeatLimits{});
  {
    const Seat first = seats->take("a");
    const Seat second = seats->take("b");
    EXPECT_EQ(seats->taken(), 2U);
    EXPECT_FALSE(seats->wait_until_empty(milliseconds(0)));
  }
  EXPECT_EQ(seats->taken(), 0U);
  EXPECT_TRUE(seats->wait_until_empty(milliseconds(0)));
}

TEST(SeatsTest, AMovedSeatIsOneSeat) {
  const auto seats = std::make_shared<Seats>(SeatLimits{});
  Seat first = seats->take("a");
  const Seat moved = std::move(first);
  EXPECT_EQ(seats->taken(), 1U);
}

TEST(SeatsTest, LimitsHoldInAllAndByAddress) {
  const auto seats =
      std::make_shared<Seats>(SeatLimits{.in_all = 3, .by_address = 2});
  const Seat a1 = seats->take("a");
  const Seat a2 = seats->take("a");
  EXPECT_FALSE(a2.beyond_limits());
  {
    const Seat a3 = seats->take("a");
    EXPECT_TRUE(a3.beyond_limits());
  }
  const Seat b1 = seats->take("b");
  EXPECT_FALSE(b1.beyond_limits());
  const Seat c1 = seats->take("c");
  EXPECT_TRUE(c1.beyond_limits());
}

TEST(SeatsTest, WaitingEndsWhenTheLastLeaves) {
  const auto seats = std::make_shared<Seats>(SeatLimits{});
  std::optional<Seat> seat = seats->take("a");
  std::thread leaver([&] { seat.reset(); });
  EXPECT_TRUE(seats->wait_until_empty(std::chrono::seconds(10)));
  leaver.join();
}

}  // namespace
}  // namespace gateway::transport
