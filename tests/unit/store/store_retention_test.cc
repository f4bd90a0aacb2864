// What goes when a segment of the log is pruned, and what must not.

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "unit/store/store_fixture.h"

namespace gateway::store {
namespace {

Result<std::vector<MessageCount>> pruned(Store& store, PruneOrder order) {
  std::promise<Result<std::vector<MessageCount>>> end;
  auto ended = end.get_future();
  store.prune(std::move(order), [&end](Result<std::vector<MessageCount>> r) {
    end.set_value(std::move(r));
  });
  return ended.get();
}

class StoreRetentionTest : public StoreTest {
 protected:
  // The message of one commit, numbered as it will be in the log.
  Commit next(MessageState state = MessageState::accepted) {
    auto commit = commit_of("ehr", {});
    const auto text = std::to_string(store_->last_sequence() + 1);
    commit.message.state = state;
    commit.message.received_at = second(store_->last_sequence() + 1);
    commit.message.content = "content " + text;
    commit.message.control_id = "C" + text;
    commit.message.keys = {"K" + text, "K"};
    commit.message.digest = state == MessageState::accepted ? "D" + text : "";
    commit.message.answer = "answer " + text;
    return commit;
  }
  void fill_until(Sequence sequence,
                  MessageState state = MessageState::accepted) {
    while (store_->last_sequence() < sequence) {
      ASSERT_TRUE(commit(next(state)).ok());
    }
  }
  std::size_t found(const MessageQuery& query) {
    return store_->messages(Scope::all(), query)->size();
  }

  const PruneOrder accepted_{.segment = 1,
                             .states = {MessageState::accepted},
                             .at = second(5000),
                             .answers_since = second(5000)};
};

TEST_P(StoreRetentionTest, TakesTheStateThatWasAskedForAndCountsIt) {
  ASSERT_TRUE(commit(next(MessageState::rejected)).ok());
  fill_until(kSegment + 1);
  const auto counts = pruned(*store_, accepted_);
  ASSERT_TRUE(counts.ok()) << counts.error().message;
  ASSERT_EQ(counts->size(), 1U);
  EXPECT_EQ(counts->front().messages, kSegment - 1);
  EXPECT_EQ(counts->front().owner, "ehr");
  EXPECT_EQ(counts->front().oldest, second(2));
  EXPECT_EQ(counts->front().newest, second(kSegment));

  EXPECT_EQ(found({.count = 1000}), 2U);  // the rejected and the newest
  EXPECT_TRUE((*store_->message(Scope::all(), 1))->message.content ==
              "content 1");
  EXPECT_FALSE(store_->message(Scope::all(), 2)->has_value());
}

TEST_P(StoreRetentionTest, WhatWasPrunedStaysVisibleAsCounts) {
  ASSERT_TRUE(commit(next(MessageState::rejected)).ok());
  fill_until(kSegment + 1);
  ASSERT_TRUE(pruned(*store_, accepted_).ok());
  reopen();
  const auto all = *store_->pruned(Scope::all(), {});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].at, second(5000));
  EXPECT_EQ(all[0].count.messages, kSegment - 1);
  EXPECT_GT(all[0].count.bytes, 0);
  EXPECT_EQ(store_->pruned(Scope::of("other"), {})->size(), 0U);
  EXPECT_EQ(store_->pruned(ehr_, {.partner = "ehr"})->size(), 1U);
  EXPECT_EQ(store_->pruned(ehr_, {.state = MessageState::held})->size(), 0U);
  EXPECT_EQ(store_->pruned(ehr_, {.since = second(kSegment + 1)})->size(), 0U);
  EXPECT_EQ(store_->pruned(ehr_, {.until = second(2)})->size(), 0U);
  EXPECT_EQ(store_->pruned(ehr_, {.until = second(3)})->size(), 1U);

  EXPECT_EQ(*store_->pruned_at(ehr_, 2), second(5000));
  EXPECT_EQ(*store_->pruned_at(ehr_, kSegment), second(5000));
  EXPECT_EQ(*store_->pruned_at(ehr_, 1), std::nullopt);
  EXPECT_EQ(*store_->pruned_at(ehr_, kSegment + 1), std::nullopt);
  EXPECT_EQ(*store_->pruned_at(Scope::of("other"), 2), std::nullopt);
}

TEST_P(StoreRetentionTest, ResourcesLedgerAndFeedStay) {
  auto with = next();
  with.resources = {write_of("ehr", "Claim", "c"),
                    write_of("ehr", "Task", "t")};
  with.ledger = {{"ehr", "a", "granted", "visits", "12", "Claim/c", "granted"},
                 {"ehr", "a", "remaining", "visits", "-12", "Claim/c", "x"}};
  with.feed = {{"ehr", "claim-available", {"Claim", "c"}, 1}};
  with.keys = {{"ehr", "Claim", "k", {"Claim", "c"}}};
  ASSERT_TRUE(commit(std::move(with)).ok());
  fill_until(kSegment + 1);
  ASSERT_TRUE(pruned(*store_, accepted_).ok());
  EXPECT_FALSE(store_->message(Scope::all(), 1)->has_value());
  EXPECT_EQ(read(ehr_, "Claim", "c")->body, "Claim/c/1");
  EXPECT_EQ(read(ehr_, "Task", "t")->body, "Task/t/1");
  EXPECT_EQ(
      search(ehr_, {.type = "Claim", .terms = {{"patient", {"Patient/p"}}}})
          .resources.size(),
      1U);
  EXPECT_EQ(store_->ledger("ehr", "a")->size(), 2U);
  EXPECT_EQ(store_->feed(ehr_, "claim-available", 0, 10)->size(), 1U);
  EXPECT_TRUE(store_->find_key("ehr", "Claim", "k")->has_value());
  EXPECT_EQ(bodies(*store_->written_by(1)),
            (std::vector<std::string>{"Claim/c/1", "Task/t/1"}));
  EXPECT_TRUE(store_->written_by(2)->empty());
  // The next version finds what the pruned commit left.
  EXPECT_TRUE(write(write_of("ehr", "Claim", "c", 2)).ok());
}

TEST_P(StoreRetentionTest, NothingFindsAPrunedMessage) {
  fill_until(kSegment + 1);
  ASSERT_TRUE(pruned(*store_, accepted_).ok());
  EXPECT_EQ(found({.key = "K2"}), 0U);
  EXPECT_EQ(found({.control_id = "C2"}), 0U);
  EXPECT_EQ(found({.key = "K"}), 1U);
}

TEST_P(StoreRetentionTest, WhatIsToBeKeptStays) {
  fill_until(kSegment + 1);
  auto order = accepted_;
  order.keep = {7};
  EXPECT_EQ(pruned(*store_, order)->front().messages, kSegment - 1);
  EXPECT_EQ((*store_->message(Scope::all(), 7))->message.content, "content 7");
  EXPECT_EQ(found({.key = "K7"}), 1U);
  // Later, when it is open no more.
  order.keep = {};
  order.at = second(6000);
  EXPECT_EQ(pruned(*store_, order)->front().messages, 1);
  EXPECT_EQ(*store_->pruned_at(ehr_, 7), second(6000));
  EXPECT_EQ(*store_->pruned_at(ehr_, 8), second(5000));
  EXPECT_EQ(pruned(*store_, order)->size(), 0U);  // nothing is left
  EXPECT_EQ(store_->pruned(ehr_, {})->size(), 2U);
}

TEST_P(StoreRetentionTest, TwoPruningsOfOneInstantAreOne) {
  fill_until(kSegment + 1);
  auto order = accepted_;
  order.keep = {7};
  ASSERT_TRUE(pruned(*store_, order).ok());
  ASSERT_TRUE(pruned(*store_, accepted_).ok());
  const auto all = *store_->pruned(ehr_, {});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].count.messages, kSegment);
  EXPECT_EQ(all[0].count.oldest, second(1));
  EXPECT_EQ(*store_->pruned_at(ehr_, 7), second(5000));
  EXPECT_EQ(*store_->pruned_at(ehr_, 8), second(5000));
}

TEST_P(StoreRetentionTest, TheAnswerOutlivesItsMessageForAWhile) {
  fill_until(kSegment + 1);
  auto order = accepted_;
  order.answers_since = second(100);
  ASSERT_TRUE(pruned(*store_, order).ok());
  EXPECT_FALSE(store_->find_digest("ehr", "D99")->has_value());
  const auto kept = *store_->find_digest("ehr", "D100");
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->sequence, 100);
  EXPECT_EQ(kept->message.answer, "answer 100");
  EXPECT_EQ(kept->message.status, 201);
  EXPECT_TRUE(kept->message.content.empty());
  // A digest that is known may not be taken, one that is forgotten may.
  auto again = next();
  again.message.digest = "D100";
  EXPECT_FALSE(commit(std::move(again)).ok());
  again = next();
  again.message.digest = "D99";
  EXPECT_TRUE(commit(std::move(again)).ok());

  ASSERT_TRUE(
      pruned(*store_, {.segment = 0, .answers_since = second(101)}).ok());
  EXPECT_FALSE(store_->find_digest("ehr", "D100")->has_value());
  EXPECT_TRUE(store_->find_digest("ehr", "D101")->has_value());
}

TEST_P(StoreRetentionTest, AnOpenSegmentIsNeitherListedNorPruned) {
  fill_until(kSegment);
  EXPECT_EQ(store_->segments()->size(), 0U);
  const auto refused = pruned(*store_, accepted_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::invalid);
  fill_until(kSegment + 1);
  const auto parts = *store_->segments();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].segment, 1);
  EXPECT_EQ(parts[0].count.messages, kSegment);
  EXPECT_EQ(parts[0].count.newest, second(kSegment));
}

TEST_P(StoreRetentionTest, SequencesGoOnBehindAPrunedLog) {
  fill_until(2 * kSegment + 1);
  ASSERT_TRUE(pruned(*store_, accepted_).ok());
  auto second_one = accepted_;
  second_one.segment = 2;
  ASSERT_TRUE(pruned(*store_, second_one).ok());
  reopen();
  EXPECT_EQ(store_->last_sequence(), 2 * kSegment + 1);
  EXPECT_EQ(commit(next())->sequence, 2 * kSegment + 2);
}

TEST_P(StoreRetentionTest, TheStagesOfAMessageAreKept) {
  auto one = next();
  one.message.stages = {.parsed = second(2), .judged = second(4)};
  ASSERT_TRUE(commit(std::move(one)).ok());
  const auto stages = (*store_->message(Scope::all(), 1))->message.stages;
  EXPECT_EQ(stages.parsed, second(2));
  EXPECT_EQ(stages.mapped, std::nullopt);
  EXPECT_EQ(stages.judged, second(4));
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreRetentionTest, kSqlite);

}  // namespace
}  // namespace gateway::store
