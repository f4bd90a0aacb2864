#include "store/sqlite_writer.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <utility>

#include "store/schema.h"
#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

class SqliteWriterTest : public testing::Test {
 protected:
  void start(WriterOptions options) {
    auto database = *Database::open({.path = path_});
    ASSERT_TRUE(prepare_writer(database, 1U << 20U).ok());
    ASSERT_TRUE(ensure_schema(database).ok());
    options.clock = [] { return second(0); };
    options.fatal = [](const Error& error) { ADD_FAILURE() << error.message; };
    writer_ =
        *SqliteWriter::start(std::move(database), words_, std::move(options));
  }
  Result<Receipt> commit(const std::string& id) {
    std::promise<Result<Receipt>> end;
    auto ended = end.get_future();
    writer_->commit(
        commit_of("ehr", {write_of("ehr", "Task", id)}),
        [&end](Result<Receipt> result) { end.set_value(std::move(result)); });
    return ended.get();
  }

  ScratchFolder folder_;
  std::string path_ = folder_.path() + "/x.db";
  Words words_;
  std::unique_ptr<SqliteWriter> writer_;
};

TEST_F(SqliteWriterTest, CommitsInTheOrderOfTheCalls) {
  start({});
  std::vector<Sequence> sequences;
  std::promise<void> last;
  for (int i = 0; i < 600; ++i) {
    writer_->commit(
        commit_of("ehr", {write_of("ehr", "Task", std::to_string(i))}),
        [&, i](const Result<Receipt>& end) {
          sequences.push_back(end.ok() ? end->sequence : -1);
          if (i == 599) last.set_value();
        });
  }
  last.get_future().wait();
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    EXPECT_EQ(sequences[i], static_cast<Sequence>(i + 1));
  }
  EXPECT_EQ(writer_->last_sequence(), 600);
}

// Callbacks run in the writer's thread, and may commit.
TEST_F(SqliteWriterTest, ACallbackMayCommit) {
  start({});
  std::promise<std::thread::id> first;
  std::promise<std::thread::id> second;
  writer_->commit(commit_of("ehr", {}), [&](const Result<Receipt>&) {
    first.set_value(std::this_thread::get_id());
    writer_->commit(commit_of("ehr", {}), [&](const Result<Receipt>&) {
      second.set_value(std::this_thread::get_id());
    });
  });
  const auto thread = first.get_future().get();
  EXPECT_EQ(second.get_future().get(), thread);
  EXPECT_NE(thread, std::this_thread::get_id());
}

TEST_F(SqliteWriterTest, TheLogIsMovedWhenItIsLong) {
  start({.checkpoint_pages = 16});
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(commit(std::to_string(i)).ok());
  // Each commit writes some ten pages: without checkpoints, 600.
  const auto log = std::filesystem::file_size(path_ + "-wal");
  EXPECT_LT(log, 60U * 8192U);
  writer_.reset();
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal"));
}

TEST_F(SqliteWriterTest, AReaderWhoStaysDoesNotStopIt) {
  start({.checkpoint_pages = 16});
  ASSERT_TRUE(commit("first").ok());
  auto reader =
      *Database::open({.path = path_, .access = Database::Access::read});
  ASSERT_TRUE(reader.execute("BEGIN").ok());
  EXPECT_EQ(*reader.number("SELECT count(*) FROM message"), 1);
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(commit(std::to_string(i)).ok());
  EXPECT_EQ(*reader.number("SELECT count(*) FROM message"), 1);
  ASSERT_TRUE(reader.execute("COMMIT").ok());
  EXPECT_EQ(*reader.number("SELECT count(*) FROM message"), 13);
}

}  // namespace
}  // namespace gateway::store
