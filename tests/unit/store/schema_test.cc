#include "store/schema.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

class SchemaTest : public testing::Test {
 protected:
  Database open() {
    return *Database::open({.path = folder_.path() + "/x.db"});
  }
  ScratchFolder folder_;
};

TEST_F(SchemaTest, WriterHoldsItsPromises) {
  auto database = open();
  ASSERT_TRUE(prepare_writer(database, 1U << 20U).ok());
  ASSERT_TRUE(ensure_schema(database).ok());
  EXPECT_EQ(*database.number("PRAGMA synchronous"), 2);
  EXPECT_EQ(*database.text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(*database.number("PRAGMA wal_autocheckpoint"), 0);
  EXPECT_EQ(*database.number("PRAGMA mmap_size"), 0);
}

TEST_F(SchemaTest, AMemoryDatabaseCannotBeDurable) {
  auto database = *Database::open({.path = ":memory:"});
  EXPECT_FALSE(prepare_writer(database, 1U << 20U).ok());  // no WAL
}

TEST_F(SchemaTest, SameSchemaIsAcceptedAgain) {
  {
    auto database = open();
    ASSERT_TRUE(ensure_schema(database).ok());
  }
  auto database = open();
  EXPECT_TRUE(ensure_schema(database).ok());
  EXPECT_EQ(*database.number("PRAGMA user_version"), kSchemaVersion);
}

// As the first version made them, for a store that is brought up to date.
TEST_F(SchemaTest, AnEarlierSchemaIsBroughtUpToDate) {
  {
    auto database = open();
    ASSERT_TRUE(ensure_schema(database).ok());
    ASSERT_TRUE(database
                    .execute("ALTER TABLE message DROP COLUMN stages;"
                             "DROP TABLE pruned; DROP TABLE answer;"
                             "DROP TRIGGER message_is_gone;"
                             "DROP TABLE acknowledgment;"
                             "INSERT INTO word VALUES(1,'kept');"
                             "PRAGMA user_version=1")
                    .ok());
  }
  auto database = open();
  const auto done = ensure_schema(database);
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(*database.number("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(*database.number("SELECT count(*) FROM pruned"), 0);
  EXPECT_EQ(*database.text("SELECT text FROM word"), "kept");
  EXPECT_TRUE(ensure_schema(database).ok());
}

TEST_F(SchemaTest, ReadersCannotWrite) {
  auto database = open();
  ASSERT_TRUE(ensure_schema(database).ok());
  ASSERT_TRUE(prepare_reader(database, 1U << 20U).ok());
  EXPECT_FALSE(database.execute("INSERT INTO word VALUES(1,'x')").ok());
}

TEST_F(SchemaTest, TheLedgerIsAppendOnly) {
  auto database = open();
  ASSERT_TRUE(ensure_schema(database).ok());
  ASSERT_TRUE(
      database.execute("INSERT INTO ledger VALUES('a',1,1,x'00')").ok());
  EXPECT_FALSE(database.execute("UPDATE ledger SET owner=2").ok());
  EXPECT_FALSE(database.execute("DELETE FROM ledger").ok());
}

}  // namespace
}  // namespace gateway::store
