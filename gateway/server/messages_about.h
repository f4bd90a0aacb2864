// MessagesAbout finds the messages of the log that concern whoever or whatever
// bears an identifier: those that named it, and those that wrote anything for
// that patient.

#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace gateway::server {

class MessagesAbout {
 public:
  // Of those that `query` lets through.
  MessagesAbout(store::Store& store, const store::MessageQuery& query)
      : store_(store), query_(query) {}

  // Keeps those that bore the identifier of a resource of that type, or wrote
  // for its patient; of several calls, what all of them found.
  Status keep(const std::string& type, const std::string& value);
  // A page, newest first; only the kept ones, if there were calls of keep().
  Result<std::vector<store::StoredMessage>> messages();

 private:
  Status add_bearers(const std::string& value);
  Status add_case(const store::StoredResource& resource);
  [[nodiscard]] bool fits(const store::Message& message) const;
  Result<bool> is_replayed(const store::StoredMessage& message);

  store::Store& store_;
  const store::MessageQuery& query_;
  std::set<store::Sequence> found_;
  std::optional<std::set<store::Sequence>> kept_;
};

}  // namespace gateway::server
