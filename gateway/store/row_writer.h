// RowWriter puts the rows of one commit into the tables, within a transaction
// that the caller has begun. It stops at the first row that breaks a
// constraint; the caller then takes back what was written so far.

#pragma once

#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "store/sqlite.h"
#include "store/write_set.h"

namespace gateway::store {

// Numbers that the next commit gets. Whoever rolls back restores them.
struct Counters {
  Sequence message = 0;  // last one used
  Sequence feed = 0;
};

class RowWriter {
 public:
  static Result<RowWriter> create(Database& database);

  // Conflict: a key, a version or a digest is taken.
  Status write(const WriteSet& set, Instant now, Counters& counters);

  // Words are written in a transaction of their own: see words.h.
  Status write_word(WordId id, std::string_view text);

 private:
  explicit RowWriter(Database& database) : database_(&database) {}
  Status prepare();

  Status write_keys(const WriteSet& set);
  Status write_digest(const WriteSet& set, Sequence sequence);
  Status write_resource(const WriteSet& set, std::size_t index,
                        Sequence sequence);
  Status write_message(const WriteSet& set, Instant now, Sequence sequence);
  Status write_entries(const std::vector<PreparedEntry>& entries, WordId owner,
                       std::int64_t position);
  Status write_ledger(const WriteSet& set, Sequence sequence);
  Status write_feed(const WriteSet& set, Counters& counters);
  Status write_pulls(const WriteSet& set, Sequence sequence);
  Status write_dependents(const WriteSet& set);

  // What a new version follows.
  struct Origin {
    std::int64_t previous = 0;
    std::int64_t created = 0;
  };
  Result<Origin> place_head(const ResourceWrite& write,
                            const PreparedResource& row, std::int64_t position);
  Status remove_entries(std::string_view packed, WordId owner,
                        std::int64_t position);

  Database* database_;
  Statement word_;
  Statement body_;
  Statement message_;
  Statement version_;
  Statement head_;
  Statement head_insert_;
  Statement head_update_;
  Statement entry_;
  Statement entry_delete_;
  Statement key_;
  Statement digest_;
  Statement ledger_;
  Statement feed_;
  Statement pull_;
  Statement dependent_;
};

}  // namespace gateway::store
