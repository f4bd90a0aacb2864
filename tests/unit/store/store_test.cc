// What every store does, seen at its interface. Another backend joins the
// suite by one more INSTANTIATE_TEST_SUITE_P.

#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "store/position.h"
#include "unit/store/store_fixture.h"

namespace gateway::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreTest, EmptyStoreFindsNothing) {
  EXPECT_EQ(store_->last_sequence(), 0);
  EXPECT_FALSE(read(Scope::all(), "Patient", "p"));
  EXPECT_THAT(search(Scope::all(), {.type = "Patient"}).resources, IsEmpty());
  EXPECT_THAT(*store_->feed(Scope::all(), "claim-available", 0, 10), IsEmpty());
  EXPECT_THAT(*store_->messages(Scope::all(), {}), IsEmpty());
}

TEST_P(StoreTest, GivesBackTheExactBytes) {
  auto write = write_of("ehr", "Patient", "p");
  write.body = std::string("{\"a\":1.10,\"b\":\"\xC3\xA9\\u00e9\0\"}", 22);
  ASSERT_TRUE(this->write(write).ok());
  const auto stored = read(ehr_, "Patient", "p");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->body, write.body);
  EXPECT_EQ(stored->id, write.id);
  EXPECT_EQ(stored->version, 1U);
  EXPECT_EQ(stored->owner, "ehr");
  EXPECT_EQ(stored->case_key, "Patient/p");
  EXPECT_EQ(stored->last_updated, write.last_updated);
  EXPECT_EQ(stored->sequence, 1);
}

TEST_P(StoreTest, KeepsEveryVersion) {
  for (std::uint32_t version = 1; version <= 3; ++version) {
    ASSERT_TRUE(write(write_of("ehr", "Patient", "p", version)).ok());
  }
  EXPECT_EQ(read(ehr_, "Patient", "p")->body, "Patient/p/3");
  EXPECT_EQ((*store_->read(ehr_, {"Patient", "p"}, 2))->body, "Patient/p/2");
  EXPECT_FALSE(*store_->read(ehr_, {"Patient", "p"}, 4));
  EXPECT_THAT(bodies(*store_->history(ehr_, {"Patient", "p"})),
              ElementsAre("Patient/p/3", "Patient/p/2", "Patient/p/1"));
}

TEST_P(StoreTest, AVersionFollowsExactlyTheStoredOne) {
  ASSERT_TRUE(write(write_of("ehr", "Patient", "p", 1)).ok());
  for (const std::uint32_t version : {1U, 3U}) {
    const auto result = write(write_of("ehr", "Patient", "p", version));
    ASSERT_FALSE(result.ok()) << version;
    EXPECT_EQ(result.error().code, ErrorCode::conflict);
  }
  EXPECT_FALSE(write(write_of("ehr", "Patient", "other", 2)).ok());
  EXPECT_EQ(store_->last_sequence(), 1);  // what conflicts uses no sequence
}

TEST_P(StoreTest, VersionZeroIsAFault) {
  EXPECT_EQ(write(write_of("ehr", "Patient", "p", 0)).error().code,
            ErrorCode::fault);
}

TEST_P(StoreTest, NothingOfAConflictingCommitIsKept) {
  ASSERT_TRUE(write(write_of("ehr", "Patient", "taken")).ok());
  auto commit = commit_of("ehr", {write_of("ehr", "Coverage", "c"),
                                  write_of("ehr", "Patient", "taken")});
  commit.message.digest = "d";
  commit.keys = {{"ehr", "Coverage", "k", {"Coverage", "c"}}};
  commit.feed = {{"ehr", "task-changed", {"Coverage", "c"}, 1}};
  commit.ledger = {{"ehr", "a", "granted", "visits", "-1", "x", "granted"},
                   {"ehr", "a", "remaining", "visits", "1", "x", "granted"}};
  EXPECT_EQ(this->commit(commit).error().code, ErrorCode::conflict);
  EXPECT_FALSE(read(ehr_, "Coverage", "c"));
  EXPECT_FALSE(*store_->find_digest("ehr", "d"));
  EXPECT_FALSE(*store_->find_key("ehr", "Coverage", "k"));
  EXPECT_THAT(*store_->feed(ehr_, "task-changed", 0, 10), IsEmpty());
  EXPECT_THAT(*store_->ledger("ehr", "a"), IsEmpty());
  EXPECT_EQ(store_->last_sequence(), 1);
}

TEST_P(StoreTest, BusinessKeyBelongsToOneResource) {
  auto commit = commit_of("ehr", {write_of("ehr", "Procedure", "a")});
  commit.keys = {{"ehr", "Procedure", "s|1", {"Procedure", "a"}}};
  ASSERT_TRUE(this->commit(commit).ok());
  EXPECT_EQ(**store_->find_key("ehr", "Procedure", "s|1"),
            (fhir::ResourceId{"Procedure", "a"}));

  auto other = commit_of("ehr", {write_of("ehr", "Procedure", "b")});
  other.keys = {{"ehr", "Procedure", "s|1", {"Procedure", "b"}}};
  EXPECT_EQ(this->commit(other).error().code, ErrorCode::conflict);

  auto again = commit_of("ehr", {write_of("ehr", "Procedure", "a", 2)});
  again.keys = commit.keys;
  EXPECT_TRUE(this->commit(again).ok());
  // The same text is another key of another type or owner.
  auto type = commit_of("ehr", {write_of("ehr", "Encounter", "b")});
  type.keys = {{"ehr", "Encounter", "s|1", {"Encounter", "b"}}};
  EXPECT_TRUE(this->commit(type).ok());
  auto owner = commit_of("two", {write_of("two", "Procedure", "b")});
  owner.keys = {{"two", "Procedure", "s|1", {"Procedure", "b"}}};
  EXPECT_TRUE(this->commit(owner).ok());
}

TEST_P(StoreTest, DigestIsUniquePerOwner) {
  Commit commit;
  commit.message = message_of("ehr");
  commit.message.digest = "d";
  commit.message.answer_headers = "Location: /fhir/Procedure/1";
  ASSERT_TRUE(this->commit(commit).ok());
  EXPECT_EQ(this->commit(commit).error().code, ErrorCode::conflict);
  commit.message.owner = "two";
  EXPECT_TRUE(this->commit(commit).ok());
  const auto found = *store_->find_digest("ehr", "d");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sequence, 1);
  EXPECT_EQ(found->message.answer, "answer");
  EXPECT_EQ(found->message.answer_headers, "Location: /fhir/Procedure/1");
  EXPECT_FALSE(*store_->find_digest("ehr", "e"));
}

TEST_P(StoreTest, MessagesComeBackWhole) {
  Commit commit;
  auto& message = commit.message;
  message = message_of("ehr");
  message.state = MessageState::rejected;
  message.control_id = "C1";
  message.digest = "d";
  message.content = std::string("MSH|\0\r", 6);
  message.rule = "structure/unknown";
  message.outcome = "outcome";
  message.status = 422;
  message.keys = {"Patient/p", "WC-1"};
  const auto receipt = this->commit(commit);
  ASSERT_TRUE(receipt.ok());
  const auto stored = *store_->message(ehr_, receipt->sequence);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->committed_at, second(0));
  const auto& got = stored->message;
  EXPECT_EQ(got.owner, message.owner);
  EXPECT_EQ(got.channel, message.channel);
  EXPECT_EQ(got.received_at, message.received_at);
  EXPECT_EQ(got.peer, message.peer);
  EXPECT_EQ(got.request, message.request);
  EXPECT_EQ(got.control_id, message.control_id);
  EXPECT_EQ(got.digest, message.digest);
  EXPECT_EQ(got.content, message.content);
  EXPECT_EQ(got.state, message.state);
  EXPECT_EQ(got.rule, message.rule);
  EXPECT_EQ(got.outcome, message.outcome);
  EXPECT_EQ(got.status, message.status);
  EXPECT_EQ(got.answer, message.answer);
  EXPECT_EQ(got.keys, message.keys);
  EXPECT_FALSE(*store_->message(Scope::of("two"), receipt->sequence));
}

TEST_P(StoreTest, MessageLogIsSearchedNewestFirst) {
  for (int i = 1; i <= 6; ++i) {
    Commit commit;
    commit.message = message_of(i % 2 == 0 ? "ehr" : "two");
    commit.message.received_at = second(i);
    commit.message.control_id = "C" + std::to_string(i / 3);
    commit.message.keys = {"Patient/" + std::to_string(i / 2)};
    if (i == 4) commit.message.state = MessageState::held;
    ASSERT_TRUE(this->commit(std::move(commit)).ok());
  }
  const auto found = [this](const MessageQuery& query,
                            const Scope& scope = Scope::all()) {
    std::vector<Sequence> sequences;
    const auto log = *store_->messages(scope, query);
    for (const auto& stored : log) {
      sequences.push_back(stored.sequence);
    }
    return sequences;
  };
  MessageQuery query;
  EXPECT_THAT(found(query), ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(found(query, ehr_), ElementsAre(6, 4, 2));
  query.count = 2;
  EXPECT_THAT(found(query), ElementsAre(6, 5));
  query.before = 5;
  EXPECT_THAT(found(query), ElementsAre(4, 3));
  query = {};
  query.partner = "two";
  EXPECT_THAT(found(query), ElementsAre(5, 3, 1));
  EXPECT_THAT(found(query, ehr_), IsEmpty());
  query.partner = "nobody";
  EXPECT_THAT(found(query), IsEmpty());
  query = {};
  query.state = MessageState::held;
  EXPECT_THAT(found(query), ElementsAre(4));
  query = {};
  query.control_id = "C1";
  EXPECT_THAT(found(query), ElementsAre(5, 4, 3));
  query.key = "Patient/2";
  EXPECT_THAT(found(query), ElementsAre(5, 4));
  EXPECT_THAT(found(query, ehr_), ElementsAre(4));
  query = {};
  query.since = second(5);
  EXPECT_THAT(found(query), ElementsAre(6, 5));
  query.until = second(6);
  EXPECT_THAT(found(query), ElementsAre(5));
}

TEST_P(StoreTest, AScopeSeesItsOwnersOnly) {
  ASSERT_TRUE(write(write_of("ehr", "Patient", "p")).ok());
  ASSERT_TRUE(write(write_of("two", "Patient", "q")).ok());
  const Scope none;
  const Scope both{.owners = {"ehr", "two", "unknown"}};
  const SearchQuery query{.type = "Patient"};
  EXPECT_FALSE(read(ehr_, "Patient", "q"));
  EXPECT_FALSE(*store_->read(ehr_, {"Patient", "q"}, 1));
  EXPECT_THAT(*store_->history(ehr_, {"Patient", "q"}), IsEmpty());
  EXPECT_THAT(bodies(search(ehr_, query).resources),
              ElementsAre("Patient/p/1"));
  EXPECT_THAT(search(none, query).resources, IsEmpty());
  EXPECT_FALSE(read(none, "Patient", "p"));
  EXPECT_THAT(search(both, query).resources, SizeIs(2));
  EXPECT_THAT(search(Scope::all(), query).resources, SizeIs(2));
  EXPECT_THAT(*store_->read_case("two", "Patient/p"), SizeIs(1));
}

TEST_P(StoreTest, IdsAreEachOwnersOwn) {
  ASSERT_TRUE(write(write_of("ehr", "Patient", "p")).ok());
  auto other = write_of("two", "Patient", "p");
  other.body = "another";
  ASSERT_TRUE(write(other).ok());
  EXPECT_EQ(read(ehr_, "Patient", "p")->body, "Patient/p/1");
  EXPECT_EQ(read(Scope::of("two"), "Patient", "p")->body, "another");
  EXPECT_THAT(*store_->history(Scope::all(), {"Patient", "p"}), SizeIs(1));
}

TEST_P(StoreTest, DraftClaimsCanBeHidden) {
  auto draft = write_of("ehr", "Claim", "c", 1);
  draft.status = "draft";
  auto active = write_of("ehr", "Claim", "c", 2);
  auto task = write_of("ehr", "Task", "t");
  task.status = "draft";  // only drafts of Claims are hidden
  auto scope = ehr_;
  scope.hide_draft_claims = true;
  ASSERT_TRUE(commit(commit_of("ehr", {draft, task})).ok());
  EXPECT_FALSE(read(scope, "Claim", "c"));
  EXPECT_THAT(search(scope, {.type = "Claim"}).resources, IsEmpty());
  EXPECT_EQ(*store_->count(scope, {.type = "Claim"}), 0);
  EXPECT_TRUE(read(scope, "Task", "t"));
  EXPECT_TRUE(read(ehr_, "Claim", "c"));
  ASSERT_TRUE(write(active).ok());
  EXPECT_TRUE(read(scope, "Claim", "c"));
  EXPECT_FALSE(*store_->read(scope, {"Claim", "c"}, 1));
  EXPECT_THAT(*store_->history(scope, {"Claim", "c"}), SizeIs(1));
  EXPECT_THAT(*store_->history(ehr_, {"Claim", "c"}), SizeIs(2));
}

TEST_P(StoreTest, SearchSeesCurrentVersionsOnly) {
  ASSERT_TRUE(write(write_of("ehr", "Task", "t", 1)).ok());
  auto done = write_of("ehr", "Task", "t", 2);
  done.index = {{"status", "completed"}};
  ASSERT_TRUE(write(done).ok());
  SearchQuery query{.type = "Task", .terms = {{"status", {"active"}}}};
  EXPECT_THAT(search(ehr_, query).resources, IsEmpty());
  query.terms = {{"patient", {"Patient/p"}}};
  EXPECT_THAT(search(ehr_, query).resources, IsEmpty());
  query.terms = {{"status", {"completed", "active"}}};
  EXPECT_THAT(bodies(search(ehr_, query).resources), ElementsAre("Task/t/2"));
}

TEST_P(StoreTest, SearchTakesIdsTimesAndLongValues) {
  const std::string longer(400, 'x');
  for (const char* const id : {"a", "b", "c"}) {
    auto write = write_of("ehr", "Task", id);
    write.last_updated = second(id[0] - 'a');
    write.index.push_back({"identifier", longer + id});
    ASSERT_TRUE(this->write(write).ok());
  }
  SearchQuery query{.type = "Task", .ids = {"b", "c", "zz"}};
  EXPECT_THAT(search(ehr_, query).resources, SizeIs(2));
  query.updated_until = second(2);
  EXPECT_THAT(bodies(search(ehr_, query).resources), ElementsAre("Task/b/1"));
  query = {.type = "Task"};
  query.updated_from = second(1);
  EXPECT_THAT(bodies(search(ehr_, query).resources),
              ElementsAre("Task/b/1", "Task/c/1"));
  query = {.type = "Task", .terms = {{"identifier", {longer + "b"}}}};
  EXPECT_THAT(bodies(search(ehr_, query).resources), ElementsAre("Task/b/1"));
  query.terms = {{"no-such-parameter", {"x"}}};
  EXPECT_THAT(search(ehr_, query).resources, IsEmpty());
  query.terms = {{"status", {}}};
  EXPECT_THAT(search(ehr_, query).resources, IsEmpty());
}

TEST_P(StoreTest, ACaseIsReadInOrderOfCreation) {
  ASSERT_TRUE(commit(commit_of("ehr", {write_of("ehr", "Patient", "p"),
                                       write_of("ehr", "Coverage", "c"),
                                       write_of("ehr", "Task", "t")}))
                  .ok());
  auto moved = write_of("ehr", "Task", "t", 2);
  moved.case_key = "Patient/other";
  ASSERT_TRUE(
      commit(commit_of("ehr", {write_of("ehr", "Patient", "p", 2), moved}))
          .ok());
  EXPECT_THAT(bodies(*store_->read_case("ehr", "Patient/p")),
              ElementsAre("Patient/p/2", "Coverage/c/1"));
  EXPECT_THAT(*store_->read_case("ehr", "Patient/other"), SizeIs(1));
  EXPECT_THAT(*store_->read_case("two", "Patient/p"), IsEmpty());
}

TEST_P(StoreTest, OneCommitMayWriteSeveralVersions) {
  ASSERT_TRUE(commit(commit_of("ehr", {write_of("ehr", "Task", "t", 1),
                                       write_of("ehr", "Task", "t", 2)}))
                  .ok());
  EXPECT_THAT(search(ehr_, {.type = "Task"}).resources, SizeIs(1));
  EXPECT_EQ(read(ehr_, "Task", "t")->version, 2U);
}

TEST_P(StoreTest, LedgerEntriesAddUpToZero) {
  const auto entry = [](std::string account, std::string unit,
                        std::string amount) {
    return LedgerEntry{"ehr",
                       "auth",
                       std::move(account),
                       std::move(unit),
                       std::move(amount),
                       "Procedure/1/_history/1",
                       "attended"};
  };
  Commit commit;
  commit.message = message_of("ehr");
  commit.ledger = {entry("remaining", "visits", "-1.50"),
                   entry("used", "visits", "1.5")};
  ASSERT_TRUE(this->commit(commit).ok());
  for (const auto& wrong :
       {std::vector{entry("used", "visits", "1")},
        std::vector{entry("used", "visits", "1"), entry("used", "hours", "-1")},
        std::vector{entry("used", "visits", "x")}}) {
    commit.ledger = wrong;
    EXPECT_EQ(this->commit(commit).error().code, ErrorCode::fault);
  }
  const auto entries = *store_->ledger("ehr", "auth");
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].amount, "-1.50");
  EXPECT_EQ(entries[0].account, "remaining");
  EXPECT_EQ(entries[1].unit, "visits");
  EXPECT_EQ(entries[1].cause, "Procedure/1/_history/1");
  EXPECT_EQ(entries[1].reason, "attended");
  EXPECT_THAT(*store_->ledger("two", "auth"), IsEmpty());
}

TEST_P(StoreTest, PullsAndDependentsAreKept) {
  auto commit = commit_of("clearinghouse", {write_of("ehr", "Claim", "c")});
  commit.pulls = {{"ehr", {"Claim", "c"}, 1, "ch", second(1)},
                  {"ehr", {"Claim", "c"}, 1, "ch", second(2)},
                  {"ehr", {"Claim", "c"}, 1, "ci", second(3)}};
  commit.dependents = {{"Location/1", "Patient/p"},
                       {"Location/1", "Patient/p"},
                       {"Location/1", "Patient/q"}};
  ASSERT_TRUE(this->commit(commit).ok());
  const auto pulls = *store_->pulls("ehr", {"Claim", "c"});
  ASSERT_THAT(pulls, SizeIs(2));
  EXPECT_EQ(pulls[0].partner, "ch");
  EXPECT_EQ(pulls[0].at, second(1));
  EXPECT_EQ(pulls[1].version, 1U);
  EXPECT_THAT(*store_->pulls("two", {"Claim", "c"}), IsEmpty());
  EXPECT_THAT(*store_->dependents("ehr", "Location/1"),
              ElementsAre("Patient/p"));
  EXPECT_THAT(*store_->dependents("clearinghouse", "Location/1"),
              ElementsAre("Patient/q"));
}

TEST_P(StoreTest, FeedIsDenseAndScoped) {
  for (int i = 1; i <= 4; ++i) {
    Commit commit;
    commit.message = message_of("ehr");
    commit.feed = {{i % 2 == 0 ? "ehr" : "two",
                    "claim-available",
                    {"Claim", std::to_string(i)},
                    1},
                   {"ehr", "task-changed", {"Task", "t"}, 2}};
    ASSERT_TRUE(this->commit(commit).ok());
  }
  const auto all = *store_->feed(Scope::all(), "claim-available", 0, 10);
  ASSERT_THAT(all, SizeIs(4));
  EXPECT_EQ(all[0].sequence, 1);
  EXPECT_EQ(all[3].sequence, 7);
  EXPECT_EQ(all[3].event.resource, (fhir::ResourceId{"Claim", "4"}));
  EXPECT_EQ(all[3].event.owner, "ehr");
  const auto own = *store_->feed(ehr_, "claim-available", 3, 10);
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].sequence, 7);
  EXPECT_THAT(*store_->feed(ehr_, "task-changed", 0, 2), SizeIs(2));
}

TEST_P(StoreTest, EverythingSurvivesAReopen) {
  auto commit = commit_of("ehr", {write_of("ehr", "Claim", "c")});
  commit.keys = {{"ehr", "Claim", "k", {"Claim", "c"}}};
  commit.message.digest = "d";
  commit.feed = {{"ehr", "claim-available", {"Claim", "c"}, 1}};
  ASSERT_TRUE(this->commit(commit).ok());
  reopen();
  EXPECT_EQ(store_->last_sequence(), 1);
  EXPECT_TRUE(read(ehr_, "Claim", "c"));
  EXPECT_TRUE(*store_->find_key("ehr", "Claim", "k"));
  EXPECT_EQ(this->commit(commit).error().code, ErrorCode::conflict);
  commit = commit_of("new owner", {write_of("new owner", "Task", "t")});
  commit.feed = {{"ehr", "claim-available", {"Claim", "c"}, 2}};
  const auto receipt = this->commit(commit);
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ(receipt->sequence, 2);
  const auto feed = *store_->feed(ehr_, "claim-available", 0, 10);
  ASSERT_THAT(feed, SizeIs(2));
  EXPECT_EQ(feed[1].sequence, 2);
}

TEST_P(StoreTest, ClosingCompletesWhatWaits) {
  std::atomic<int> done = 0;
  for (int i = 0; i < 100; ++i) {
    store_->commit(
        commit_of("ehr", {write_of("ehr", "Task", std::to_string(i))}),
        [&done](const Result<Receipt>& result) {
          done += result.ok() ? 1 : 0;
        });
  }
  reopen();
  EXPECT_EQ(done, 100);
  EXPECT_EQ(store_->last_sequence(), 100);
}

TEST_P(StoreTest, NamesOfStates) {
  EXPECT_EQ(name(MessageState::accepted), "accepted");
  EXPECT_EQ(name(MessageState::refused), "refused");
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreTest, kSqlite);

}  // namespace
}  // namespace gateway::store
