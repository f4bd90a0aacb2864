// A store whose commits fail or wait when a test says so. All else is done by
// the store behind it.

#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace gateway::server {

class ScriptedStore : public store::Store {
 public:
  explicit ScriptedStore(std::unique_ptr<store::Store> behind)
      : behind_(std::move(behind)) {}

  // The next `times` commits keep nothing and end so.
  void fail(const Error& error, int times = 1) {
    const std::lock_guard lock(mutex_);
    failures_.insert(failures_.end(), static_cast<std::size_t>(times), error);
  }
  // Commits wait from now on, until they are let go.
  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  void let_go() {
    std::vector<Waiting> waiting;
    {
      const std::lock_guard lock(mutex_);
      holding_ = false;
      waiting.swap(waiting_);
    }
    for (auto& [commit, done] : waiting) {
      behind_->commit(std::move(commit), std::move(done));
    }
  }
  [[nodiscard]] std::size_t held() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }

  void commit(store::Commit commit, store::CommitDone done) override {
    std::optional<Error> failure;
    {
      const std::lock_guard lock(mutex_);
      if (!failures_.empty()) {
        failure = failures_.front();
        failures_.pop_front();
      } else if (holding_) {
        waiting_.emplace_back(std::move(commit), std::move(done));
        return;
      }
    }
    if (failure) return done(*failure);
    behind_->commit(std::move(commit), std::move(done));
  }

  void acknowledged(store::Sequence sequence, Instant at) override {
    behind_->acknowledged(sequence, at);
  }
  Result<std::optional<store::StoredResource>> read(
      const store::Scope& scope, const fhir::ResourceId& id,
      std::optional<std::uint32_t> version) override {
    return behind_->read(scope, id, version);
  }
  Result<std::vector<store::StoredResource>> history(
      const store::Scope& scope, const fhir::ResourceId& id) override {
    return behind_->history(scope, id);
  }
  Result<store::SearchPage> search(const store::Scope& scope,
                                   const store::SearchQuery& query) override {
    return behind_->search(scope, query);
  }
  Result<std::int64_t> count(const store::Scope& scope,
                             const store::SearchQuery& query) override {
    return behind_->count(scope, query);
  }
  Result<std::vector<store::StoredResource>> read_case(
      const std::string& owner, const std::string& case_key) override {
    return behind_->read_case(owner, case_key);
  }
  Result<std::vector<store::StoredResource>> written_by(
      store::Sequence sequence) override {
    return behind_->written_by(sequence);
  }
  Result<std::vector<store::LedgerEntry>> ledger(
      const std::string& owner, const std::string& authorization) override {
    return behind_->ledger(owner, authorization);
  }
  Result<std::vector<store::Pull>> pulls(
      const std::string& owner, const fhir::ResourceId& claim) override {
    return behind_->pulls(owner, claim);
  }
  Result<std::vector<std::string>> dependents(
      const std::string& owner, const std::string& resource) override {
    return behind_->dependents(owner, resource);
  }
  Result<std::optional<fhir::ResourceId>> find_key(
      const std::string& owner, const std::string& type,
      const std::string& key) override {
    return behind_->find_key(owner, type, key);
  }
  Result<std::optional<store::StoredMessage>> find_digest(
      const std::string& owner, const std::string& digest) override {
    return behind_->find_digest(owner, digest);
  }
  Result<std::optional<store::StoredMessage>> message(
      const store::Scope& scope, store::Sequence sequence) override {
    return behind_->message(scope, sequence);
  }
  Result<std::vector<store::StoredMessage>> messages(
      const store::Scope& scope, const store::MessageQuery& query) override {
    return behind_->messages(scope, query);
  }
  Result<std::vector<store::SegmentPart>> segments() override {
    return behind_->segments();
  }
  void prune(store::PruneOrder order, store::PruneDone done) override {
    behind_->prune(std::move(order), std::move(done));
  }
  Result<std::vector<store::Pruned>> pruned(
      const store::Scope& scope, const store::MessageQuery& query) override {
    return behind_->pruned(scope, query);
  }
  Result<std::optional<Instant>> pruned_at(const store::Scope& scope,
                                           store::Sequence sequence) override {
    return behind_->pruned_at(scope, sequence);
  }
  Result<std::vector<FeedItem>> feed(const store::Scope& scope,
                                     const std::string& topic,
                                     store::Sequence after,
                                     std::size_t count) override {
    return behind_->feed(scope, topic, after, count);
  }
  store::Sequence last_sequence() override { return behind_->last_sequence(); }

 private:
  using Waiting = std::pair<store::Commit, store::CommitDone>;

  std::unique_ptr<store::Store> behind_;
  std::mutex mutex_;
  std::deque<Error> failures_;
  bool holding_ = false;
  std::vector<Waiting> waiting_;
};

}  // namespace gateway::server
