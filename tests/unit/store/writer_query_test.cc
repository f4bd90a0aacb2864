#include "store/writer_query.h"

#include <gtest/gtest.h>

#include "store/schema.h"
#include "store/sqlite.h"

namespace gateway::store {
namespace {

TEST(WriterQueryTest, EachIsUnderstoodAndFindsNothingInAnEmptyStore) {
  auto database = *Database::open({.path = ":memory:"});
  ASSERT_TRUE(ensure_schema(database).ok());
  using namespace writer_query;
  for (const char* const sql :
       {kHead, kWords, kDeleteEntry, kSegmentRows, kKeepAnswer, kDeleteDigest,
        kDeleteMessage, kCutBody, kDeleteBody, kDeleteOldDigests, kPrunedBefore,
        kDeleteOldAnswers}) {
    auto prepared = database.prepare(sql);
    ASSERT_TRUE(prepared.ok()) << sql << ": " << prepared.error().message;
    auto statement = *std::move(prepared);
    const auto row = statement.step();
    EXPECT_TRUE(row.ok() && !*row) << sql;
  }
  EXPECT_EQ(*database.number(kLastMessage), 0);
  EXPECT_EQ(*database.number(kLastFeed), 0);
}

}  // namespace
}  // namespace gateway::store
