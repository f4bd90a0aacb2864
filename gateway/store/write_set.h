// WriteSet is a Commit made ready for the writer thread, in the thread of the
// caller: bodies packed into one blob, words numbered, values normalized,
// promises checked. The writer only binds and steps.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/store.h"
#include "store/words.h"

namespace gateway::store {

// Of the packed blob.
struct Extent {
  std::int64_t start = 0;
  std::int64_t size = 0;
};

struct PreparedEntry {
  std::string value;  // normalized
  WordId param = 0;
  auto operator<=>(const PreparedEntry&) const = default;
};

struct PreparedResource {
  WordId type = 0;
  WordId owner = 0;
  Extent body;
  std::vector<PreparedEntry> entries;  // sorted, without repetitions
  std::string packed_entries;          // for the version that replaces this
};

struct PreparedKey {
  WordId type = 0;
  WordId owner = 0;
};
// All entries of one authorization: account, unit, amount, cause, reason of
// each, in order.
struct PreparedLedger {
  WordId owner = 0;
  std::string authorization;
  std::string packed;
};
struct PreparedFeed {
  WordId owner = 0;
  WordId topic = 0;
  WordId type = 0;
};
struct PreparedPull {
  WordId owner = 0;
  WordId type = 0;
  WordId partner = 0;
};
struct PreparedMessage {
  WordId owner = 0;
  WordId channel = 0;
  Extent content;
  Extent outcome;
  Extent answer;
  std::string packed_keys;
  std::string packed_stages;
  std::vector<PreparedEntry> entries;  // keys and control id
};

struct WriteSet {
  // As given, but the texts that `bytes` holds are empty.
  Commit commit;
  // Bodies of the resources, then content, outcome and answer of the message:
  // what retention cuts off first lies last.
  std::string bytes;

  // Parallel to the members of `commit`, but for the ledger.
  PreparedMessage message;
  std::vector<PreparedResource> resources;
  std::vector<PreparedKey> keys;
  std::vector<PreparedLedger> ledger;
  std::vector<PreparedFeed> feed;
  std::vector<PreparedPull> pulls;
  std::vector<WordId> dependents;  // the owner of each

  // Words that had no number yet. While there are any, the numbers do not
  // count: add the words, then number() again.
  std::vector<std::string> missing;
};

// Entry rows of one number lie together: see Cluster.
std::int64_t cluster_number(std::string_view value, WordId param);

// What the store promises about every commit, whatever lies in it already:
// ledger entries add up to zero for each authorization and unit, amounts are
// decimals, versions begin at 1. Nothing if all hold.
std::optional<Error> broken_promise(const Commit& commit);

WriteSet prepare(Commit commit, const Words& words);
void number(WriteSet& set, const Words& words);

std::vector<PreparedEntry> unpack_entries(std::string_view packed);

// Parsed, mapped, judged: as microseconds since the message was received, and
// one; 0 for a stage that was not passed.
std::string pack_stages(const Stages& stages, Instant received);
Stages unpack_stages(std::string_view packed, Instant received);

}  // namespace gateway::store
