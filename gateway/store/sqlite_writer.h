// SqliteWriter is the one thread and the one connection that write: it commits
// in groups whatever waits, syncs, and then says so to each. It also makes the
// checkpoints, since SQLite before 3.51.3 can corrupt its log when another
// connection checkpoints while this one commits (its "WAL-reset" defect).
//
// A group is written without savepoints first, which is twice as fast. When a
// commit of it conflicts, the group is rolled back and written again with a
// savepoint around each commit, so that only those that conflict are left out.

#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/date.h"
#include "store/log_pruner.h"
#include "store/row_writer.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "store/words.h"
#include "store/write_set.h"

namespace gateway::store {

struct WriterOptions {
  std::function<Instant()> clock{};
  // Called once, from the writer's thread, when nothing more can be kept.
  std::function<void(const Error&)> fatal{};
  std::size_t most_waiting = 8192;  // commits; beyond, they are refused: busy
  std::size_t group = 256;
  int checkpoint_pages = 4096;  // of the log, before it is moved: 32 MB
};

class SqliteWriter {
 public:
  // `words` must outlive the writer. REQUIRES: the schema is there.
  static Result<std::unique_ptr<SqliteWriter>> start(Database database,
                                                     Words& words,
                                                     WriterOptions options);
  // Commits what waits, then moves the log into the database.
  ~SqliteWriter();
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  void commit(Commit commit, CommitDone done);
  // Written with the next group, or when the store is quiet.
  void acknowledged(Sequence sequence, Instant at);
  // One segment, in a transaction of its own, behind a group of commits.
  void prune(PruneOrder order, PruneDone done);
  [[nodiscard]] Sequence last_sequence() const { return last_.load(); }
  [[nodiscard]] bool failed() const { return failed_.load(); }

 private:
  struct Waiting {
    WriteSet set;
    CommitDone done;
    std::optional<Error> refusal;  // known before anything is written
    Sequence sequence = 0;
  };
  using Group = std::vector<Waiting>;
  struct Pruning {
    PruneOrder order;
    PruneDone done;
  };
  struct Note {
    Sequence sequence;
    Instant at;
  };
  enum class Savepoints : std::uint8_t { none, each };

  SqliteWriter(Database database, Words& words, WriterOptions options);
  Status recover();
  Status prepare_statements();

  void run();
  bool take(Group& group);
  void process(Group& group);
  Status add_words(Group& group);
  Status write(Group& group, Savepoints savepoints);
  Status write_one(Waiting& waiting, Instant now, Savepoints savepoints);
  void complete(Group& group);
  void hand_back(Group& group);
  void give_up(Group& group, const Error& error);
  void fail(const Error& error);
  Status write_notes();
  void keep_notes();
  void prune_next();
  Result<std::vector<MessageCount>> prune_now(const PruneOrder& order);
  void checkpoint_if_large();
  void checkpoint(Database::CheckpointMode mode);

  Database database_;
  Words& words_;
  WriterOptions options_;
  std::optional<RowWriter> rows_;
  std::optional<LogPruner> pruner_;
  Statement note_;
  Statement begin_;
  Statement commit_;
  Statement rollback_;
  Statement savepoint_;
  Statement release_;
  Statement rollback_to_;
  Counters counters_;
  std::vector<Note> writing_;  // notes that are not durable yet
  bool unmoved_ = false;       // the log holds what the database does not
  int moved_pages_ = 0;        // length of the log at the last checkpoint

  std::atomic<Sequence> last_{0};
  std::atomic<bool> failed_{false};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  std::deque<Pruning> prunings_;
  std::vector<Note> notes_;
  std::vector<WriteSet> used_;  // freed by the threads that made them
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace gateway::store
