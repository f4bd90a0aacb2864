#include "server/work_pool.h"

#include <gtest/gtest.h>

#include <atomic>

namespace gateway::server {
namespace {

TEST(WorkPoolTest, FinishesWhatWasPosted) {
  std::atomic<int> done = 0;
  {
    WorkPool pool(3);
    for (int i = 0; i < 1000; ++i) {
      pool.post([&] { ++done; });
    }
  }
  EXPECT_EQ(done, 1000);
}

}  // namespace
}  // namespace gateway::server
