// The fixture of the tests that every store passes, whatever its backend.

#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "unit/store/scratch_store.h"

namespace gateway::store {

// Opens the same store again and again, as a restart does.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::unique_ptr<Store> open() = 0;
};

class SqliteBackend : public Backend {
 public:
  std::unique_ptr<Store> open() override {
    return open_or_fail(options_for(folder_.path()));
  }

 private:
  ScratchFolder folder_;
};

using MakeBackend = std::unique_ptr<Backend> (*)();

class StoreTest : public testing::TestWithParam<MakeBackend> {
 protected:
  void SetUp() override { ASSERT_NE(store_, nullptr); }

  Result<Receipt> commit(Commit commit) {
    return committed(*store_, std::move(commit));
  }
  Result<Receipt> write(ResourceWrite write) {
    const auto owner = write.owner;
    return commit(commit_of(owner, {std::move(write)}));
  }
  std::optional<StoredResource> read(const Scope& scope,
                                     const std::string& type,
                                     const std::string& id) {
    return *store_->read(scope, {type, id}, std::nullopt);
  }
  SearchPage search(const Scope& scope, const SearchQuery& query) {
    auto page = store_->search(scope, query);
    EXPECT_TRUE(page.ok());
    return page.ok() ? *std::move(page) : SearchPage{};
  }
  void reopen() {
    store_.reset();
    store_ = backend_->open();
  }

  std::unique_ptr<Backend> backend_ = GetParam()();
  std::unique_ptr<Store> store_ = backend_->open();
  const Scope ehr_ = Scope::of("ehr");
};

inline const auto kSqlite = testing::Values(+[]() -> std::unique_ptr<Backend> {
  return std::make_unique<SqliteBackend>();
});

}  // namespace gateway::store
