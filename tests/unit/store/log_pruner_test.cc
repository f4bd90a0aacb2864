#include "store/log_pruner.h"

#include <gtest/gtest.h>

#include <string>

#include "store/schema.h"
#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

TEST(LogPrunerTest, OneBitForEachMessageOfASegment) {
  std::string which(kSegment / 8, '\0');
  which.front() = 1;
  which.back() = '\x80';
  EXPECT_TRUE(is_among(which, 1));
  EXPECT_FALSE(is_among(which, 2));
  EXPECT_TRUE(is_among(which, kSegment));
  EXPECT_TRUE(is_among(which, 2 * kSegment));
  EXPECT_FALSE(is_among(which, 0));
  EXPECT_FALSE(is_among("", 1));
}

TEST(LogPrunerTest, AnOpenSegmentIsRefused) {
  auto database = *Database::open({.path = ":memory:"});
  ASSERT_TRUE(ensure_schema(database).ok());
  const Words words;
  auto pruner = *LogPruner::create(database, words);
  const PruneOrder first{.segment = 1, .states = {MessageState::accepted}};
  const auto open = pruner.prune(first, kSegment);
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().code, ErrorCode::invalid);
  EXPECT_TRUE(pruner.prune(first, kSegment + 1).ok());
  EXPECT_FALSE(pruner.prune({.segment = -1}, 1).ok());
}

}  // namespace
}  // namespace gateway::store
