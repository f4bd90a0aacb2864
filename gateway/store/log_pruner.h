// LogPruner takes messages out of a closed segment of the log, within a
// transaction that the caller has begun: their rows, their search entries and
// their bytes. The bodies of resources that lie before those bytes stay.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/retention.h"
#include "store/sqlite.h"
#include "store/words.h"

namespace gateway::store {

// Whether the message is one of those that a row of `pruned` names: a bit for
// each of its segment.
bool is_among(std::string_view which, Sequence sequence);

class LogPruner {
 public:
  // Both must outlive the pruner.
  static Result<LogPruner> create(Database& database, const Words& words);

  // Invalid: the segment of `newest`, the last message, is still open.
  Result<std::vector<MessageCount>> prune(const PruneOrder& order,
                                          Sequence newest);

 private:
  // One message of the segment.
  struct Row {
    Sequence sequence = 0;
    WordId owner = 0;
    MessageState state = MessageState::accepted;
    std::int64_t received = 0;
    std::int64_t start = 0;  // of its bytes, in the body of its commit
    std::int64_t bytes = 0;
    std::string digest;
    std::string control;
    std::string keys;  // packed
  };
  // What is taken of one partner and state.
  struct Part {
    WordId owner = 0;
    MessageCount count;
    std::string which;  // a bit for each message of the segment
  };

  LogPruner(Database& database, const Words& words)
      : database_(&database), words_(&words) {}
  Status prepare();

  Result<std::vector<Row>> rows_of(const PruneOrder& order);
  Status take(const Row& row, const PruneOrder& order);
  Status take_entries(const Row& row);
  Status take_entry(const Row& row, std::string_view param,
                    std::string_view value);
  Status keep_or_forget_answer(const Row& row, const PruneOrder& order);
  Status note(Part part, const PruneOrder& order);
  Status forget_answers(Instant before);
  static Part& part_of(std::vector<Part>& parts, const Row& row);

  Database* database_;
  const Words* words_;
  Statement rows_;
  Statement entry_;
  Statement answer_;
  Statement digest_;
  Statement message_;
  Statement cut_;
  Statement body_;
  Statement noted_;
  Statement note_;
  Statement old_digests_;
  Statement old_answers_;
};

}  // namespace gateway::store
