#include "store/write_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

using testing::Contains;
using testing::IsEmpty;

void add_all(Words& words, const std::vector<std::string>& missing) {
  for (const auto& word : missing) {
    if (!words.find(word)) words.add(words.next_id(), word);
  }
}

std::string piece(const WriteSet& set, const Extent& extent) {
  return set.bytes.substr(static_cast<std::size_t>(extent.start),
                          static_cast<std::size_t>(extent.size));
}

TEST(WriteSetTest, PacksBodiesWithTheMessageLast) {
  Words words;
  auto commit = commit_of(
      "ehr", {write_of("ehr", "Task", "a"), write_of("ehr", "Claim", "b")});
  commit.message.outcome = "outcome";
  const auto content = commit.message.content;
  const auto set = prepare(std::move(commit), words);
  EXPECT_EQ(piece(set, set.resources[0].body), "Task/a/1");
  EXPECT_EQ(piece(set, set.resources[1].body), "Claim/b/1");
  EXPECT_EQ(piece(set, set.message.content), content);
  EXPECT_EQ(piece(set, set.message.outcome), "outcome");
  EXPECT_EQ(piece(set, set.message.answer), "answer");
  EXPECT_GT(set.message.content.start, set.resources[1].body.start);
  EXPECT_THAT(set.commit.resources[0].body, IsEmpty());
}

TEST(WriteSetTest, AsksForMissingWordsOnce) {
  Words words;
  auto commit = commit_of("ehr", {write_of("ehr", "Task", "a")});
  auto set = prepare(commit, words);
  EXPECT_THAT(set.missing, Contains("Task.patient"));
  EXPECT_THAT(set.missing, Contains("Task._all"));
  EXPECT_THAT(set.missing, Contains("ehr"));
  add_all(words, set.missing);
  number(set, words);
  EXPECT_THAT(set.missing, IsEmpty());
  EXPECT_EQ(words.text(set.resources[0].type), "Task");
  EXPECT_EQ(words.text(set.message.owner), "ehr");
  EXPECT_THAT(prepare(commit, words).missing, IsEmpty());
}

TEST(WriteSetTest, EntriesAreUniqueAndComeBackFromTheirPackedForm) {
  Words words;
  auto write = write_of("ehr", "Task", "a");
  write.index = {
      {"patient", "Patient/p"}, {"patient", "Patient/p"}, {"status", "active"}};
  auto set = prepare(commit_of("ehr", {write}), words);
  add_all(words, set.missing);
  number(set, words);
  const auto& row = set.resources[0];
  EXPECT_EQ(row.entries.size(), 4U);  // and the type's and the case's
  EXPECT_EQ(unpack_entries(row.packed_entries), row.entries);
}

TEST(WriteSetTest, PromisesAreChecked) {
  EXPECT_FALSE(broken_promise(commit_of("ehr", {})));
  auto commit = commit_of("ehr", {});
  commit.ledger = {{"ehr", "a", "used", "visits", "0.5", "c", "r"},
                   {"ehr", "a", "remaining", "visits", "-0.25", "c", "r"},
                   {"ehr", "b", "remaining", "visits", "-0.25", "c", "r"}};
  const auto error = broken_promise(commit);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::fault);
  EXPECT_THAT(error->message, testing::HasSubstr("0.25"));
  commit = commit_of("ehr", {});
  commit.resources.resize(70'000);
  EXPECT_EQ(broken_promise(commit)->code, ErrorCode::too_large);
}

}  // namespace
}  // namespace gateway::store
