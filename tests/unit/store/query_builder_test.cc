#include "store/query_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "folders.h"

namespace gateway::store {
namespace {

using testing::HasSubstr;
using testing::Not;

class QueryBuilderTest : public testing::Test {
 protected:
  QueryBuilderTest() {
    for (const char* const word :
         {"ehr", "two", "Claim", "Claim._all", "Claim.patient", "Claim.status",
          "topic", "_case"}) {
      words_.add(words_.next_id(), word);
    }
  }

  Words words_;
  const QueryBuilder sqlite_{Dialect::sqlite, words_};
  const Scope ehr_ = Scope::of("ehr");
};

TEST_F(QueryBuilderTest, EveryQueryNamesItsOwners) {
  Scope both = ehr_;
  both.owners.push_back("two");
  const SearchQuery claims{.type = "Claim"};
  EXPECT_THAT(sqlite_.read(ehr_, {"Claim", "1"})->sql,
              HasSubstr("h.owner = ?3"));
  EXPECT_THAT(sqlite_.versions(ehr_, {"Claim", "1"}, 2)->sql,
              HasSubstr("owner = ?3"));
  EXPECT_THAT(sqlite_.search(both, claims, 9)->sql,
              HasSubstr("e.owner IN (?4, ?5)"));
  EXPECT_THAT(sqlite_.count(ehr_, claims, 9)->sql, HasSubstr("e.owner = "));
  EXPECT_THAT(sqlite_.message(ehr_, 1)->sql, HasSubstr("m.owner = "));
  EXPECT_THAT(sqlite_.messages(ehr_, {})->sql, HasSubstr("m.owner = "));
  EXPECT_THAT(sqlite_.feed(ehr_, "topic", 0, 9)->sql, HasSubstr("f.owner = "));
}

TEST_F(QueryBuilderTest, WhatNobodyBearsNeedsNoQuery) {
  const Scope nobody;
  EXPECT_FALSE(sqlite_.read(nobody, {"Claim", "1"}));
  EXPECT_FALSE(sqlite_.read(Scope::of("stranger"), {"Claim", "1"}));
  EXPECT_FALSE(sqlite_.read(ehr_, {"Task", "1"}));
  EXPECT_FALSE(sqlite_.search(nobody, {.type = "Claim"}, 9));
  EXPECT_FALSE(sqlite_.search(
      ehr_, {.type = "Claim", .terms = {{"nothing", {"x"}}}}, 9));
  EXPECT_FALSE(sqlite_.messages(nobody, {}));
  EXPECT_FALSE(sqlite_.feed(ehr_, "other", 0, 9));
  EXPECT_FALSE(sqlite_.read_case("stranger", "Patient/1"));
}

TEST_F(QueryBuilderTest, NoValueIsEverPartOfTheText) {
  const std::string evil = "'; DROP TABLE head; --";
  const auto query = sqlite_.search(
      ehr_,
      {.type = "Claim", .terms = {{"patient", {evil}}}, .ids = {evil, "b"}}, 9);
  ASSERT_TRUE(query);
  EXPECT_THAT(query->sql, Not(HasSubstr("DROP")));
  EXPECT_EQ(std::get<std::string>(query->values.at(1)), evil);
}

TEST_F(QueryBuilderTest, TheNarrowestTermDrives) {
  const auto query = sqlite_.search(
      ehr_,
      {.type = "Claim",
       .terms = {{"status", {"active"}}, {"patient", {"Patient/1"}}}},
      9);
  ASSERT_TRUE(query);
  EXPECT_EQ(std::get<std::string>(query->values.at(0)), "Patient/1");
}

TEST_F(QueryBuilderTest, PostgresNumbersItsPlaceholdersWithDollars) {
  const QueryBuilder postgres(Dialect::postgres, words_);
  const auto query = postgres.read(ehr_, {"Claim", "1"});
  ASSERT_TRUE(query);
  EXPECT_THAT(query->sql, HasSubstr("h.type = $1 AND h.id = $2"));
  EXPECT_THAT(query->sql, Not(HasSubstr("?")));
}

// schema.cc asks SQLite about its tables, never about their rows.
TEST_F(QueryBuilderTest, NobodyElseMakesQueries) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(GATEWAY_SOURCE_DIR) / "gateway";
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto& path = entry.path();
    if (path.extension() != ".cc" && path.extension() != ".h") continue;
    if (path.filename() == "query_builder.cc") continue;
    if (path.filename() == "writer_query.cc") continue;
    ++files;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
      for (const char* const table :
           {"FROM head", "FROM version", "FROM entry", "FROM body",
            "FROM message", "FROM ledger", "FROM feed", "FROM pull",
            "FROM digest", "FROM business_key", "FROM dependent", "JOIN "}) {
        EXPECT_EQ(line.find(table), std::string::npos) << path << ": " << line;
      }
    }
  }
  EXPECT_GT(files, 20);
}

}  // namespace
}  // namespace gateway::store
