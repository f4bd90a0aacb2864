#include "store/sqlite_reader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

class SqliteReaderTest : public testing::Test {
 protected:
  SqliteReaderTest() {
    EXPECT_TRUE(database_
                    .execute("PRAGMA journal_mode=WAL;"
                             "CREATE TABLE t(i, x);"
                             "INSERT INTO t VALUES(1,'a'),(2,'b')")
                    .ok());
    reader_ = *SqliteReader::open({.path = path_}, {.connections = 2});
  }
  Result<std::vector<std::string>> texts(const OptionalQuery& query) {
    return reader_->rows<std::string>(
        query, [](const Statement& row) { return std::string(row.text(0)); });
  }

  ScratchFolder folder_;
  std::string path_ = folder_.path() + "/x.db";
  Database database_ = *Database::open({.path = path_});
  std::unique_ptr<SqliteReader> reader_;
};

TEST_F(SqliteReaderTest, BindsAndReadsAllRows) {
  const Query query{"SELECT x FROM t WHERE i >= ?1 AND x <> ?2 ORDER BY i",
                    {std::int64_t{1}, std::string("c")}};
  EXPECT_EQ(*texts(query), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(*texts(query), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(texts(std::nullopt)->empty());
  EXPECT_FALSE(texts(Query{"nonsense", {}}).ok());
  EXPECT_FALSE(texts(Query{"DELETE FROM t", {}}).ok());
}

TEST_F(SqliteReaderTest, ForgetsOldStatements) {
  for (int i = 0; i < 300; ++i) {
    const auto text = std::to_string(i);
    EXPECT_EQ(texts(Query{"SELECT " + text, {}})->front(), text);
  }
}

TEST_F(SqliteReaderTest, MoreThreadsThanConnections) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        if (texts(Query{"SELECT x FROM t ORDER BY i", {}})->size() != 2) {
          ++wrong;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace gateway::store
