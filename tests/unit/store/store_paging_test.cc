// The laws of paging, and searches against a model that reads everything.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
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

class StorePagingTest : public StoreTest {
 protected:
  // t0 ... in one commit each; `id` as the body's beginning.
  void create(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(write(write_of("ehr", "Task", "t" + std::to_string(i))).ok());
    }
  }
  void change(const std::string& id, std::uint32_t version) {
    ASSERT_TRUE(write(write_of("ehr", "Task", id, version)).ok());
  }
  // Moves `query` behind the page.
  static void follow(SearchQuery& query, const SearchPage& page) {
    query.after = page.last;
    query.after_ordinal = page.last_ordinal;
  }
  static SearchQuery tasks(std::size_t count) {
    return {
        .type = "Task", .terms = {{"patient", {"Patient/p"}}}, .count = count};
  }
};

TEST_P(StorePagingTest, PagesJoinToTheWholeResult) {
  std::vector<ResourceWrite> writes;
  for (int i = 0; i < 7; ++i) {
    writes.push_back(write_of("ehr", "Task", std::to_string(i)));
  }
  // Several resources of one commit have one sequence and several ordinals.
  ASSERT_TRUE(commit(commit_of("ehr", writes)).ok());
  create(6);
  for (const std::size_t count : {1U, 2U, 5U, 13U, 50U}) {
    auto query = tasks(count);
    std::vector<std::string> seen;
    SearchPage page;
    do {
      page = search(ehr_, query);
      EXPECT_LE(page.resources.size(), count);
      for (const auto& body : bodies(page.resources)) seen.push_back(body);
      query.upto = page.snapshot;
      follow(query, page);
    } while (page.more);
    EXPECT_THAT(seen, SizeIs(13)) << count;
    EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 13U) << count;
    EXPECT_EQ(seen.front(), "Task/0/1");
    EXPECT_EQ(seen.back(), "Task/t5/1");
  }
  EXPECT_EQ(*store_->count(ehr_, tasks(1)), 13);
}

TEST_P(StorePagingTest, AnEmptyPageCountsNothing) {
  create(1);
  const auto page = search(ehr_, tasks(0));
  EXPECT_THAT(page.resources, IsEmpty());
  EXPECT_TRUE(page.more);
}

TEST_P(StorePagingTest, UnderASnapshotChangesNeitherRepeatNorHideOthers) {
  create(6);
  auto query = tasks(2);
  auto page = search(ehr_, query);
  EXPECT_THAT(bodies(page.resources), ElementsAre("Task/t0/1", "Task/t1/1"));
  query.upto = page.snapshot;
  follow(query, page);
  change("t0", 2);  // was seen
  change("t3", 2);  // would have come next
  change("t9", 1);  // a new one
  page = search(ehr_, query);
  EXPECT_THAT(bodies(page.resources), ElementsAre("Task/t2/1", "Task/t4/1"));
  follow(query, page);
  page = search(ehr_, query);
  EXPECT_THAT(bodies(page.resources), ElementsAre("Task/t5/1"));
  EXPECT_FALSE(page.more);
  // What changed meanwhile lies after the snapshot.
  auto later = tasks(10);
  later.after = page.snapshot;
  later.after_ordinal = kLastOrdinal;
  EXPECT_THAT(bodies(search(ehr_, later).resources),
              ElementsAre("Task/t0/2", "Task/t3/2", "Task/t9/1"));
}

TEST_P(StorePagingTest, WithoutASnapshotChangesComeAgain) {
  create(3);
  auto query = tasks(2);
  follow(query, search(ehr_, query));
  change("t0", 2);
  change("t2", 2);
  EXPECT_THAT(bodies(search(ehr_, query).resources),
              ElementsAre("Task/t0/2", "Task/t2/2"));
}

// A model that keeps all current versions and looks at each of them.
class Model {
 public:
  void put(const ResourceWrite& write) {
    order_.erase(std::remove(order_.begin(), order_.end(), key(write)),
                 order_.end());
    order_.push_back(key(write));
    current_[key(write)] = write;
  }
  [[nodiscard]] std::uint32_t next_version(const ResourceWrite& write) const {
    const auto found = current_.find(key(write));
    return found == current_.end() ? 1 : found->second.version + 1;
  }
  [[nodiscard]] std::vector<std::string> search(
      const Scope& scope, const SearchQuery& query) const {
    std::vector<std::string> found;
    for (const auto& key : order_) {
      const auto& write = current_.at(key);
      if (visible(scope, write) && meets(query, write)) {
        found.push_back(write.body);
      }
    }
    return found;
  }

 private:
  static std::string key(const ResourceWrite& write) {
    return write.owner + " " + write.id.text();
  }
  static bool visible(const Scope& scope, const ResourceWrite& write) {
    if (scope.hide_draft_claims && write.id.type == "Claim" &&
        write.status == "draft") {
      return false;
    }
    return scope.everything || std::count(scope.owners.begin(),
                                          scope.owners.end(), write.owner) > 0;
  }
  static bool bears(const ResourceWrite& write, const SearchTerm& term) {
    return std::any_of(write.index.begin(), write.index.end(),
                       [&](const IndexEntry& entry) {
                         return entry.param == term.param &&
                                std::count(term.values.begin(),
                                           term.values.end(), entry.value) > 0;
                       });
  }
  static bool meets(const SearchQuery& query, const ResourceWrite& write) {
    return write.id.type == query.type &&
           (query.ids.empty() ||
            std::count(query.ids.begin(), query.ids.end(), write.id.id) > 0) &&
           (!query.updated_from || write.last_updated >= *query.updated_from) &&
           (!query.updated_until ||
            write.last_updated < *query.updated_until) &&
           std::all_of(
               query.terms.begin(), query.terms.end(),
               [&](const SearchTerm& term) { return bears(write, term); });
  }

  std::map<std::string, ResourceWrite> current_;
  std::vector<std::string> order_;  // of the last change
};

// Few of each, so that they meet often.
class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  int below(int count) {
    return std::uniform_int_distribution<int>(0, count - 1)(random_);
  }
  bool one_in(int count) { return below(count) == 0; }
  std::string pick(const std::vector<std::string>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

  ResourceWrite write() {
    ResourceWrite write = write_of(pick(kOwners), pick(kTypes), pick(kIds));
    write.status = pick({"draft", "active"});
    write.case_key = pick({"", "Patient/1", "Patient/2"});
    write.last_updated = second(below(20));
    write.index.clear();
    for (int i = below(5); i > 0; --i) {
      write.index.push_back({pick(kParams), pick(kValues)});
    }
    return write;
  }
  SearchQuery query() {
    SearchQuery query{.type = pick(kTypes)};
    for (int i = below(3); i > 0; --i) {
      SearchTerm term{pick(kParams), {pick(kValues)}};
      while (one_in(2)) term.values.push_back(pick(kValues));
      query.terms.push_back(term);
    }
    while (one_in(4)) query.ids.push_back(pick(kIds));
    if (one_in(4)) query.updated_from = second(below(20));
    if (one_in(4)) query.updated_until = second(below(20));
    query.count = static_cast<std::size_t>(1 + below(6));
    return query;
  }
  Scope scope() {
    Scope scope;
    scope.everything = one_in(4);
    for (const auto& owner : kOwners) {
      if (one_in(2)) scope.owners.push_back(owner);
    }
    scope.hide_draft_claims = one_in(3);
    return scope;
  }

 private:
  const std::vector<std::string> kOwners = {"one", "two", "three"};
  const std::vector<std::string> kTypes = {"Claim", "Task", "Patient"};
  const std::vector<std::string> kIds = {"a", "b", "c", "d", "e"};
  const std::vector<std::string> kParams = {"patient", "identifier", "status"};
  const std::vector<std::string> kValues = {
      "Patient/1", "Patient/2", "active", "s|1", "|1", "1", "s|"};
  std::mt19937 random_;
};

TEST_P(StorePagingTest, SearchesAgreeWithAModel) {
  Chance chance(20260406);
  Model model;
  for (int step = 0; step < 250; ++step) {
    std::vector<ResourceWrite> writes;
    for (int i = chance.below(3); i >= 0; --i) {
      auto write = chance.write();
      write.version = model.next_version(write);
      write.body = write.owner + write.id.text() + "#" + std::to_string(step) +
                   "." + std::to_string(i);
      model.put(write);
      writes.push_back(std::move(write));
    }
    ASSERT_TRUE(commit(commit_of("one", std::move(writes))).ok());
    for (int i = 0; i < 6; ++i) {
      const auto scope = chance.scope();
      auto query = chance.query();
      const auto wanted = model.search(scope, query);
      ASSERT_EQ(*store_->count(scope, query),
                static_cast<std::int64_t>(wanted.size()));
      std::vector<std::string> found;
      SearchPage page;
      do {
        page = search(scope, query);
        for (const auto& body : bodies(page.resources)) found.push_back(body);
        follow(query, page);
      } while (page.more);
      ASSERT_EQ(found, wanted) << "step " << step;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StorePagingTest, kSqlite);

}  // namespace
}  // namespace gateway::store
