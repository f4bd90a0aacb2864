#include "store/row_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "store/schema.h"
#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

class RowWriterTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(ensure_schema(database_).ok()); }

  Status write(Commit commit) {
    auto set = prepare(std::move(commit), words_);
    for (const auto& word : set.missing) {
      if (words_.find(word)) continue;
      const auto id = words_.next_id();
      EXPECT_TRUE(rows_->write_word(id, word).ok());
      words_.add(id, word);
    }
    number(set, words_);
    return rows_->write(set, second(9), counters_);
  }
  std::int64_t rows_of(const std::string& table) {
    return *database_.number("SELECT count(*) FROM " + table);
  }

  Database database_ = *Database::open({.path = ":memory:"});
  Words words_;
  Counters counters_;
  std::optional<RowWriter> rows_;
};

class PreparedRowWriterTest : public RowWriterTest {
 protected:
  void SetUp() override {
    RowWriterTest::SetUp();
    rows_ = *RowWriter::create(database_);
  }
};

TEST_F(PreparedRowWriterTest, WritesFewRows) {
  auto commit = commit_of(
      "ehr", {write_of("ehr", "Task", "a"), write_of("ehr", "Claim", "b")});
  commit.keys = {{"ehr", "Task", "k", {"Task", "a"}}};
  commit.feed = {{"ehr", "task-changed", {"Task", "a"}, 1}};
  commit.message.digest = "d";
  commit.message.keys = {"WC-1"};
  ASSERT_TRUE(write(std::move(commit)).ok());
  EXPECT_EQ(rows_of("body"), 1);
  EXPECT_EQ(rows_of("message"), 1);
  EXPECT_EQ(rows_of("head"), 2);
  EXPECT_EQ(rows_of("version"), 2);
  EXPECT_EQ(rows_of("entry"), 2 * 4 + 1);
  EXPECT_EQ(rows_of("business_key"), 1);
  EXPECT_EQ(rows_of("digest"), 1);
  EXPECT_EQ(rows_of("feed"), 1);
  EXPECT_EQ(counters_.message, 1);
  EXPECT_EQ(counters_.feed, 1);
}

TEST_F(PreparedRowWriterTest, ANewVersionReplacesTheIndexRows) {
  ASSERT_TRUE(write(commit_of("ehr", {write_of("ehr", "Task", "a")})).ok());
  auto next = write_of("ehr", "Task", "a", 2);
  next.index = {{"status", "completed"}};
  next.case_key.clear();
  ASSERT_TRUE(write(commit_of("ehr", {next})).ok());
  EXPECT_EQ(rows_of("head"), 1);
  EXPECT_EQ(rows_of("version"), 2);
  EXPECT_EQ(rows_of("entry"), 2);
  EXPECT_EQ(*database_.number("SELECT version FROM head"), 2);
}

TEST_F(PreparedRowWriterTest, SaysWhatIsInConflict) {
  auto commit = commit_of("ehr", {write_of("ehr", "Task", "a")});
  commit.message.digest = "d";
  commit.keys = {{"ehr", "Task", "k", {"Task", "a"}}};
  ASSERT_TRUE(write(commit).ok());
  const auto message_for = [this](Commit again) {
    const auto status = write(std::move(again));
    EXPECT_EQ(status.error().code, ErrorCode::conflict);
    return status.error().message;
  };
  EXPECT_EQ(message_for(commit), "this message was committed before");
  commit.message.digest.clear();
  commit.keys[0].resource.id = "b";
  EXPECT_EQ(message_for(commit), "the business key of this Task is taken");
  commit.keys.clear();
  EXPECT_EQ(message_for(commit),
            "version 1 of this Task does not follow the stored one");
}

}  // namespace
}  // namespace gateway::store
