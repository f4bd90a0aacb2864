#include "transport/reactor.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

namespace gateway::transport {
namespace {

class ReactorTest : public ::testing::Test {
 protected:
  ReactorTest() : reactor_(std::move(*Reactor::make())) {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
  }
  ~ReactorTest() override {
    for (const int end : ends_) ::close(end);
  }

  std::unique_ptr<Reactor> reactor_;
  std::array<int, 2> ends_{};
};

TEST_F(ReactorTest, CallsWhoIsReady) {
  std::uint32_t seen = 0;
  reactor_->add({.socket = ends_[0],
                 .interest = EPOLLIN,
                 .ready =
                     [&](std::uint32_t events) {
                       seen = events;
                       reactor_->stop();
                     },
                 .tick = {}});
  ASSERT_EQ(::write(ends_[1], "x", 1), 1);
  reactor_->run();
  EXPECT_EQ(seen, std::uint32_t{EPOLLIN});
}

TEST_F(ReactorTest, WatchesOnlyWhatIsWanted) {
  std::uint32_t seen = 0;
  const auto key = reactor_->add({.socket = ends_[0],
                                  .interest = EPOLLIN,
                                  .ready =
                                      [&](std::uint32_t events) {
                                        seen = events;
                                        reactor_->stop();
                                      },
                                  .tick = {}});
  reactor_->want(key, EPOLLOUT);
  ASSERT_EQ(::write(ends_[1], "x", 1), 1);
  reactor_->run();
  EXPECT_EQ(seen, std::uint32_t{EPOLLOUT});
}

TEST_F(ReactorTest, AWatchLivesUntilTheEndOfItsRound) {
  auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> alive = token;
  Reactor::Key key = 0;
  key = reactor_->add({.socket = ends_[0],
                       .interest = EPOLLOUT,
                       .ready =
                           [&, token](std::uint32_t) {
                             reactor_->remove(key);
                             reactor_->remove(key);  // again does nothing
                             EXPECT_FALSE(alive.expired());
                             reactor_->stop();
                           },
                       .tick = {}});
  token.reset();
  reactor_->run();
  EXPECT_TRUE(alive.expired());
}

TEST_F(ReactorTest, TicksWithoutEvents) {
  int ticks = 0;
  reactor_->add({.socket = ends_[0], .interest = 0, .ready = {}, .tick = [&] {
                   if (++ticks == 2) reactor_->stop();
                 }});
  reactor_->run();
  EXPECT_EQ(ticks, 2);
}

TEST_F(ReactorTest, RunsWhatOtherThreadsPost) {
  int sum = 0;
  const auto box = reactor_->postbox();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      EXPECT_FALSE(box->is_own_thread());
      for (int n = 0; n < 100; ++n) {
        box->post([&] {
          EXPECT_TRUE(box->is_own_thread());
          if (++sum == 400) reactor_->stop();
        });
      }
    });
  }
  reactor_->run();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(sum, 400);
}

TEST_F(ReactorTest, ThePostboxOutlivesTheReactor) {
  const auto box = reactor_->postbox();
  reactor_.reset();
  bool ran = false;
  box->post([&] { ran = true; });
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace gateway::transport
