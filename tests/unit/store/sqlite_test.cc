#include "store/sqlite.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

Database memory() {
  auto opened = Database::open({.path = ":memory:"});
  EXPECT_TRUE(opened.ok());
  return *std::move(opened);
}

TEST(SqliteTest, BindsAndReadsBack) {
  auto database = memory();
  ASSERT_TRUE(database.execute("CREATE TABLE t(i, x, b)").ok());
  auto insert = *database.prepare("INSERT INTO t VALUES(?1,?2,?3)");
  const std::string text("a\0b", 3);
  ASSERT_TRUE(insert
                  .run(std::int64_t{-5}, std::string_view(text),
                       Blob{std::string_view()})
                  .ok());
  EXPECT_EQ(database.changes(), 1);
  auto query = *database.prepare("SELECT i, x, b, typeof(b) FROM t");
  ASSERT_TRUE(*query.step());
  EXPECT_EQ(query.integer(0), -5);
  EXPECT_EQ(query.text(1), text);
  EXPECT_EQ(query.text(2), "");
  EXPECT_EQ(query.text(3), "blob");
  EXPECT_FALSE(*query.step());
  EXPECT_EQ(*database.number("SELECT 7"), 7);
  EXPECT_EQ(*database.number("SELECT 7 WHERE 0"), 0);
  EXPECT_EQ(*database.text("SELECT 'x'"), "x");
}

TEST(SqliteTest, CodesBecomeErrors) {
  auto database = memory();
  ASSERT_TRUE(database.execute("CREATE TABLE t(i PRIMARY KEY)").ok());
  auto insert = *database.prepare("INSERT INTO t VALUES(?1)");
  ASSERT_TRUE(insert.run(std::int64_t{1}).ok());
  EXPECT_EQ(insert.run(std::int64_t{1}).error().code, ErrorCode::conflict);
  EXPECT_TRUE(insert.run(std::int64_t{2}).ok());  // still usable
  EXPECT_EQ(database.execute("nonsense").error().code, ErrorCode::fault);
  EXPECT_EQ(database.prepare("nonsense").error().code, ErrorCode::fault);
  ASSERT_TRUE(database.execute("PRAGMA max_page_count=2").ok());
  const auto full = database.execute("INSERT INTO t VALUES(zeroblob(100000))");
  EXPECT_EQ(full.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(full.error().disk_full);
  EXPECT_FALSE(Database::open({.path = "/nowhere/at/all"}).ok());
}

TEST(SqliteTest, WatchesItsLog) {
  const ScratchFolder folder;
  auto database = *Database::open({.path = folder.path() + "/x.db"});
  ASSERT_TRUE(database.execute("PRAGMA journal_mode=WAL").ok());
  database.watch_log();
  ASSERT_TRUE(database.execute("CREATE TABLE t(i)").ok());
  EXPECT_GT(database.log_pages(), 0);
  const auto moved = database.checkpoint(Database::CheckpointMode::truncate);
  ASSERT_TRUE(moved.ok());
  EXPECT_EQ(moved->log_pages, 0);
}

}  // namespace
}  // namespace gateway::store
