#include "store/data_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

TEST(DataDirectoryTest, IsMadeAndHeldByOne) {
  const ScratchFolder folder;
  const auto path = folder.path() + "/a/b";
  {
    auto first = DataDirectory::open(path);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->database(), path + "/workgate.db");
    EXPECT_TRUE(first->sync().ok());
    EXPECT_EQ(DataDirectory::open(path).error().code, ErrorCode::busy);
    const DataDirectory moved = *std::move(first);  // keeps the lock
    EXPECT_FALSE(DataDirectory::open(path).ok());
  }
  EXPECT_TRUE(DataDirectory::open(path).ok());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path).permissions(), perms::owner_all);
}

TEST(DataDirectoryTest, AFileIsNoDirectory) {
  const ScratchFolder folder;
  ASSERT_TRUE(DataDirectory::open(folder.path()).ok());
  EXPECT_EQ(DataDirectory::open(folder.path() + "/lock").error().code,
            ErrorCode::unavailable);
}

}  // namespace
}  // namespace gateway::store
