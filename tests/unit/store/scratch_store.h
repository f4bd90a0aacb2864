// A store in a folder of its own, the commits that tests need, and the wait
// for their ends.

#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite_store.h"
#include "store/store.h"

namespace gateway::store {

// 2026-04-06T13:00:00Z and so many seconds.
inline Instant second(std::int64_t count) {
  return Instant(std::chrono::seconds(1775480400 + count));
}

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "store-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline SqliteOptions options_for(const std::string& path) {
  SqliteOptions options;
  options.directory = path;
  options.clock = [] { return second(0); };
  options.fatal = [](const Error& error) { ADD_FAILURE() << error.message; };
  return options;
}

inline std::unique_ptr<Store> open_or_fail(SqliteOptions options) {
  auto opened = open_sqlite(std::move(options));
  if (!opened.ok()) {
    ADD_FAILURE() << opened.error().message;
    return nullptr;
  }
  return *std::move(opened);
}

// Commits and waits for the end.
inline Result<Receipt> committed(Store& store, Commit commit) {
  std::promise<Result<Receipt>> end;
  auto ended = end.get_future();
  store.commit(std::move(commit), [&end](Result<Receipt> result) {
    end.set_value(std::move(result));
  });
  return ended.get();
}

inline Message message_of(const std::string& owner) {
  Message message;
  message.owner = owner;
  message.channel = "fhir";
  message.received_at = second(0);
  message.peer = "127.0.0.1";
  message.request = "POST /fhir/Procedure";
  message.content = R"({"resourceType":"Procedure"})";
  message.status = 201;
  message.answer = "answer";
  return message;
}

inline ResourceWrite write_of(const std::string& owner, const std::string& type,
                              const std::string& id,
                              std::uint32_t version = 1) {
  ResourceWrite write;
  write.id = {type, id};
  write.version = version;
  write.owner = owner;
  write.case_key = "Patient/p";
  write.status = "active";
  write.body = type + "/" + id + "/" + std::to_string(version);
  write.index = {{"status", "active"}, {"patient", "Patient/p"}};
  write.last_updated = second(version);
  return write;
}

inline Commit commit_of(const std::string& owner,
                        std::vector<ResourceWrite> writes) {
  Commit commit;
  commit.message = message_of(owner);
  commit.resources = std::move(writes);
  return commit;
}

inline std::vector<std::string> bodies(
    const std::vector<StoredResource>& resources) {
  std::vector<std::string> texts;
  for (const auto& resource : resources) texts.push_back(resource.body);
  return texts;
}

}  // namespace gateway::store
