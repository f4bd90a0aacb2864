// ParkedMessages are the HL7 v2 messages that were taken, but wait: for a row
// of a table, or for an earlier message about the same order. They lie in the
// store, each with an open Task; this is what is known of them at hand.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/resource.h"
#include "server/waiting_keys.h"
#include "store/store.h"

namespace gateway::server {

struct ParkedMessage {
  store::Sequence sequence = 0;  // in the log: the order of arrival
  std::string owner{};
  std::string digest{};  // of its bytes
  fhir::ResourceId task{};
  WaitingKeys keys{};
  bool is_looked_at = false;  // tried from time to time: see Releases
};

class ParkedMessages {
 public:
  [[nodiscard]] bool has_any_of(const std::string& owner) const;
  // The Task of the last one before `sequence` (0: of all) of that owner behind
  // which a message with those keys waits.
  [[nodiscard]] std::optional<fhir::ResourceId> ahead_of(
      const std::string& owner, const WaitingKeys& keys,
      store::Sequence sequence = 0) const;
  // In order of arrival.
  [[nodiscard]] std::vector<ParkedMessage> all() const;

  // `behind`: the Task that it waits for, if any. Where nothing waits by that
  // Task any more, the message is tried at once.
  void add(ParkedMessage message, const std::string& behind);
  // Somebody wrote a Task: where one of them waits by it, they are tried again.
  void look_at(const std::string& owner, const fhir::ResourceId& task);
  // It waits for what nobody tells us of: it is tried from time to time.
  void look_often(store::Sequence sequence);
  // It waits no more; those behind it are tried again.
  void remove(store::Sequence sequence);

  // All are to be tried again.
  void wake();
  // Waits until some are, or that time is over. `ended` once all ends.
  enum class Woken : std::uint8_t { due, time, ended };
  Woken wait_for(std::chrono::milliseconds time);
  void close();

 private:
  // Of one owner: who writes what a key names, and who only refers to it.
  struct Mentions {
    std::set<store::Sequence> writers{};
    std::set<store::Sequence> others{};
  };
  using ByKey = std::map<std::string, Mentions, std::less<>>;
  struct OfOwner {
    std::size_t count = 0;
    ByKey by_key{};
  };
  static std::set<store::Sequence>& mentions_of(std::string_view key,
                                                ByKey& by_key);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<store::Sequence, ParkedMessage> waiting_;
  std::map<std::string, OfOwner, std::less<>> by_owner_;  // none empty
  std::map<std::string, store::Sequence, std::less<>> by_task_;
  bool due_ = false;
  bool closed_ = false;
};

}  // namespace gateway::server
