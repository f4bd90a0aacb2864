#include "server/under_way.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace gateway::server {
namespace {

TEST(UnderWayTest, WaitsUntilNothingIsLeft) {
  UnderWay under_way;
  under_way.wait_for_none();
  std::optional<UnderWay::Mark> mark(under_way);
  std::thread last([&mark] { mark.reset(); });
  under_way.wait_for_none();
  last.join();
  EXPECT_FALSE(mark);
}

}  // namespace
}  // namespace gateway::server
