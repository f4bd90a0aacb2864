// Many threads at one store: nothing is lost, nothing happens twice, and of
// those who race for one key exactly one wins.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "unit/store/store_fixture.h"

namespace gateway::store {
namespace {

using testing::SizeIs;

class StoreConcurrencyTest : public StoreTest {
 protected:
  // `work(number of the thread)` in so many threads that start together.
  template <typename Work>
  static void together(int count, Work work) {
    std::latch start(count);
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&start, &work, i] {
        start.arrive_and_wait();
        work(i);
      });
    }
    for (auto& thread : threads) thread.join();
  }
};

TEST_P(StoreConcurrencyTest, SixtyFourThreadsLoseNothing) {
  constexpr int kThreads = 64;
  constexpr int kCommits = 12;
  std::atomic<int> failed = 0;
  together(kThreads, [&](int thread) {
    for (int i = 0; i < kCommits; ++i) {
      const auto id = std::to_string(thread) + "-" + std::to_string(i);
      auto commit = commit_of("ehr", {write_of("ehr", "Task", id)});
      commit.feed = {{"ehr", "task-changed", {"Task", id}, 1}};
      const auto receipt = this->commit(std::move(commit));
      // What was committed is there for whoever was told so.
      if (!receipt.ok() || !read(ehr_, "Task", id)) ++failed;
    }
  });
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(store_->last_sequence(), kThreads * kCommits);
  EXPECT_EQ(*store_->count(ehr_, {.type = "Task"}), kThreads * kCommits);
  const auto feed = *store_->feed(ehr_, "task-changed", 0, 10000);
  ASSERT_THAT(feed, SizeIs(kThreads * kCommits));
  for (std::size_t i = 0; i < feed.size(); ++i) {
    EXPECT_EQ(feed[i].sequence, static_cast<Sequence>(i + 1));
  }
}

TEST_P(StoreConcurrencyTest, OneOfThirtyTwoWinsAKey) {
  constexpr int kThreads = 32;
  constexpr int kKeys = 20;
  std::vector<std::atomic<int>> won(kKeys);
  std::vector<std::atomic<int>> lost(kKeys);
  together(kThreads, [&](int thread) {
    for (int key = 0; key < kKeys; ++key) {
      const auto id = std::to_string(thread) + "-" + std::to_string(key);
      auto commit = commit_of("ehr", {write_of("ehr", "Procedure", id)});
      commit.keys = {
          {"ehr", "Procedure", std::to_string(key), {"Procedure", id}}};
      const auto receipt = this->commit(std::move(commit));
      auto& count = receipt.ok() ? won : lost;
      if (receipt.ok() || receipt.error().code == ErrorCode::conflict) {
        ++count[static_cast<std::size_t>(key)];
      }
    }
  });
  for (std::size_t key = 0; key < kKeys; ++key) {
    EXPECT_EQ(won[key], 1);
    EXPECT_EQ(lost[key], kThreads - 1);
    EXPECT_TRUE(*store_->find_key("ehr", "Procedure", std::to_string(key)));
  }
  EXPECT_EQ(*store_->count(ehr_, {.type = "Procedure"}), kKeys);
  EXPECT_EQ(store_->last_sequence(), kKeys);
}

TEST_P(StoreConcurrencyTest, ConflictsDoNotHurtTheirNeighbours) {
  ASSERT_TRUE(write(write_of("ehr", "Patient", "taken")).ok());
  std::map<int, Result<Receipt>> ends;
  std::latch all(300);
  for (int i = 0; i < 300; ++i) {
    auto commit = commit_of(
        "ehr",
        {write_of("ehr", "Task", std::to_string(i)),
         write_of("ehr", "Patient", i % 3 == 0 ? "taken" : std::to_string(i))});
    commit.feed = {{"ehr", "task-changed", {"Task", std::to_string(i)}, 1}};
    store_->commit(std::move(commit), [&, i](Result<Receipt> end) {
      ends.emplace(i, std::move(end));
      all.count_down();
    });
  }
  all.wait();
  for (const auto& [i, end] : ends) {
    EXPECT_EQ(end.ok(), i % 3 != 0) << i;
    EXPECT_EQ(read(ehr_, "Task", std::to_string(i)).has_value(), i % 3 != 0);
  }
  const auto feed = *store_->feed(ehr_, "task-changed", 0, 1000);
  ASSERT_THAT(feed, SizeIs(200));
  EXPECT_EQ(feed.back().sequence, 200);
  EXPECT_EQ(store_->last_sequence(), 201);
}

TEST_P(StoreConcurrencyTest, ReadersSeeWholeCommits) {
  std::atomic<bool> stop = false;
  std::atomic<int> halves = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto found = *store_->read_case("ehr", "Patient/p");
        std::set<std::uint32_t> versions;
        for (const auto& resource : found) versions.insert(resource.version);
        if (versions.size() > 1 || found.size() % 3 != 0) ++halves;
      }
    });
  }
  for (std::uint32_t version = 1; version <= 150; ++version) {
    ASSERT_TRUE(
        commit(commit_of("ehr", {write_of("ehr", "Patient", "p", version),
                                 write_of("ehr", "Claim", "c", version),
                                 write_of("ehr", "Task", "t", version)}))
            .ok());
  }
  stop = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(halves, 0);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConcurrencyTest, kSqlite);

}  // namespace
}  // namespace gateway::store
