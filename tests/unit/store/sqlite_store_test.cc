// What belongs to SQLite alone: faults of the disk, and who may open what.

#include "store/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>

#include "store/sqlite.h"
#include "unit/store/fault_vfs.h"
#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

using testing::HasSubstr;

class SqliteStoreTest : public testing::Test {
 protected:
  void TearDown() override { set_faults({}); }

  ScratchFolder folder_;
  const Scope ehr_ = Scope::of("ehr");
};

TEST_F(SqliteStoreTest, ASecondOpenIsRefused) {
  const auto first = open_or_fail(options_for(folder_.path()));
  const auto second = open_sqlite(options_for(folder_.path()));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::busy);
  EXPECT_THAT(second.error().message, HasSubstr("in use by another gateway"));
}

TEST_F(SqliteStoreTest, FilesAreForTheirOwnerOnly) {
  const auto store = open_or_fail(options_for(folder_.path()));
  ASSERT_TRUE(committed(*store, commit_of("ehr", {})).ok());
  for (const char* const name : {"workgate.db", "workgate.db-wal", "lock"}) {
    struct stat found {};
    ASSERT_EQ(::stat((folder_.path() + "/" + name).c_str(), &found), 0) << name;
    EXPECT_EQ(found.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(SqliteStoreTest, TheLogLearnsWhenAnAnswerWasWritten) {
  const auto at = *parse_instant("2026-04-06T13:00:00.123456Z");
  Sequence first = 0;
  Sequence second = 0;
  {
    const auto store = open_or_fail(options_for(folder_.path()));
    first = committed(*store, commit_of("ehr", {}))->sequence;
    second = committed(*store, commit_of("ehr", {}))->sequence;
    EXPECT_FALSE((*store->message(ehr_, first))->acknowledged_at);
    store->acknowledged(first, at);
    // With the next commit, or without one where the store is quiet.
    ASSERT_TRUE(committed(*store, commit_of("ehr", {})).ok());
    EXPECT_EQ((*store->message(ehr_, first))->acknowledged_at, at);
    store->acknowledged(second, at);
    while (!(*store->message(ehr_, second))->acknowledged_at) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  const auto again = open_or_fail(options_for(folder_.path()));
  EXPECT_EQ((*again->message(ehr_, second))->acknowledged_at, at);
  EXPECT_EQ((*again->messages(ehr_, {}))[1].acknowledged_at, at);
}

TEST_F(SqliteStoreTest, AnUnknownSchemaIsRefused) {
  open_or_fail(options_for(folder_.path()));
  struct Case {
    const char* sql;
    const char* message;
  };
  for (const auto& [sql, message] :
       {Case{"PRAGMA user_version=99", "schema version 99"},
        Case{"PRAGMA user_version=1; CREATE TABLE x(y)",
             "not those of schema version 1"},
        Case{"PRAGMA application_id=7", "not made by Workgate"}}) {
    auto database = *Database::open({.path = folder_.path() + "/workgate.db"});
    ASSERT_TRUE(database.execute(sql).ok());
    const auto opened = open_sqlite(options_for(folder_.path()));
    ASSERT_FALSE(opened.ok()) << sql;
    EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
    EXPECT_THAT(opened.error().message, HasSubstr(message));
  }
}

TEST_F(SqliteStoreTest, AFileThatIsNoDatabaseIsRefused) {
  std::FILE* const file =
      std::fopen((folder_.path() + "/workgate.db").c_str(), "w");
  std::fputs(std::string(4096, 'x').c_str(), file);
  std::fclose(file);
  EXPECT_FALSE(open_sqlite(options_for(folder_.path())).ok());
}

// A store on the faulty layer that remembers how it failed.
class FaultyStore {
 public:
  explicit FaultyStore(const std::string& path) {
    auto options = options_for(path);
    options.vfs = register_faulty_vfs();
    options.fatal = [this](const Error& error) {
      ++deaths_;
      died_.set_value(error);
    };
    store_ = open_or_fail(std::move(options));
  }

  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }
  Error death() { return died_.get_future().get(); }
  [[nodiscard]] int deaths() const { return deaths_; }
  void close() { store_.reset(); }

 private:
  std::promise<Error> died_;
  std::atomic<int> deaths_{0};
  std::unique_ptr<Store> store_;
};

TEST_F(SqliteStoreTest, AFailedSyncIsTheEnd) {
  std::atomic<int> completed = 0;
  const auto count = [&completed](const Result<Receipt>&) { ++completed; };
  FaultyStore store(folder_.path());
  ASSERT_TRUE(
      committed(*store, commit_of("ehr", {write_of("ehr", "Task", "a")})).ok());
  set_faults({.sync_fails = true});
  store->commit(commit_of("ehr", {write_of("ehr", "Task", "b")}), count);
  EXPECT_EQ(store.death().code, ErrorCode::fault);
  const int syncs = syncs_since_start();
  set_faults({});
  store->commit(commit_of("ehr", {write_of("ehr", "Task", "c")}), count);
  EXPECT_EQ(store->read(ehr_, {"Task", "a"}, std::nullopt).error().code,
            ErrorCode::unavailable);
  store.close();
  EXPECT_EQ(completed, 0);
  EXPECT_EQ(store.deaths(), 1);
  // SQLite itself syncs once more when the last connection closes, which is
  // after the process of a real gateway has ended.
  EXPECT_LE(syncs_since_start(), syncs + 2);
}

TEST_F(SqliteStoreTest, AFailedWriteIsTheEnd) {
  FaultyStore store(folder_.path());
  ASSERT_TRUE(committed(*store, commit_of("ehr", {})).ok());
  set_faults({.write_fails = true});
  std::atomic<int> completed = 0;
  store->commit(commit_of("ehr", {}),
                [&completed](const Result<Receipt>&) { ++completed; });
  EXPECT_EQ(store.death().code, ErrorCode::fault);
  store.close();
  EXPECT_EQ(completed, 0);
}

TEST_F(SqliteStoreTest, AFullDiskIsSurvived) {
  FaultyStore store(folder_.path());
  ASSERT_TRUE(
      committed(*store, commit_of("ehr", {write_of("ehr", "Task", "a")})).ok());
  set_faults({.disk_full = true});
  for (const char* const owner : {"ehr", "a new word"}) {
    const auto result =
        committed(*store, commit_of(owner, {write_of(owner, "Task", "b")}));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
    EXPECT_TRUE(result.error().disk_full);
    EXPECT_THAT(result.error().message, HasSubstr("full"));
  }
  EXPECT_TRUE(*store->read(ehr_, {"Task", "a"}, std::nullopt));
  EXPECT_FALSE(*store->read(ehr_, {"Task", "b"}, std::nullopt));
  set_faults({});
  const auto result =
      committed(*store, commit_of("ehr", {write_of("ehr", "Task", "b")}));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->sequence, 2);
  EXPECT_EQ(store.deaths(), 0);
}

TEST_F(SqliteStoreTest, TooManyWaitingCommitsAreRefused) {
  auto options = options_for(folder_.path());
  options.most_waiting = 1;
  const auto store = open_or_fail(std::move(options));
  // The first one to complete holds the store's thread until all are there.
  std::promise<void> all_there;
  auto wait = all_there.get_future().share();
  std::atomic<int> busy = 0;
  std::atomic<int> ended = 0;
  const auto done = [&, wait](const Result<Receipt>& result) {
    wait.wait();
    ++ended;
    if (!result.ok() && result.error().code == ErrorCode::busy) ++busy;
  };
  store->commit(commit_of("ehr", {}), done);
  for (int i = 0; i < 8; ++i) store->commit(commit_of("ehr", {}), done);
  all_there.set_value();
  (void)committed(*store, commit_of("ehr", {}));  // ends after the others
  EXPECT_GE(busy, 6);
  EXPECT_EQ(ended, 9);
}

}  // namespace
}  // namespace gateway::store
