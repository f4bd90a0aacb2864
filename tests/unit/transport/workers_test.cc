#include "transport/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace gateway::transport {
namespace {

TEST(WorkersTest, RunWhatIsSubmitted) {
  std::promise<void> done;
  std::atomic<int> ran = 0;
  Workers workers(4, 100);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(workers.try_submit([&] {
      if (++ran == 100) done.set_value();
    }));
  }
  done.get_future().wait();
  EXPECT_EQ(ran, 100);
}

TEST(WorkersTest, RefuseWhatWouldWaitBehindTooMany) {
  std::promise<void> started;
  std::promise<void> release;
  auto released = release.get_future().share();
  Workers workers(1, 2);
  ASSERT_TRUE(workers.try_submit([&] {
    started.set_value();
    released.wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(workers.try_submit([] {}));
  EXPECT_TRUE(workers.try_submit([] {}));
  EXPECT_FALSE(workers.try_submit([] {}));
  release.set_value();
}

TEST(WorkersTest, TheirEndDropsWhatWaits) {
  const auto token = std::make_shared<int>(0);
  std::promise<void> release;
  auto released = release.get_future().share();
  std::promise<void> started;
  {
    Workers workers(1, 10);
    ASSERT_TRUE(workers.try_submit([&] {
      started.set_value();
      released.wait();
    }));
    started.get_future().wait();
    ASSERT_TRUE(workers.try_submit([token] {}));
    release.set_value();
  }
  EXPECT_EQ(token.use_count(), 1);
}

}  // namespace
}  // namespace gateway::transport
