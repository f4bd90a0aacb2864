#include "store/sqlite_writer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "store/writer_query.h"

namespace gateway::store {
namespace {

// A quiet store moves its log after this time, so that a restart has little
// to read.
constexpr std::chrono::milliseconds kQuiet{500};

}  // namespace

SqliteWriter::SqliteWriter(Database database, Words& words,
                           WriterOptions options)
    : database_(std::move(database)),
      words_(words),
      options_(std::move(options)) {}

Result<std::unique_ptr<SqliteWriter>> SqliteWriter::start(
    Database database, Words& words, WriterOptions options) {
  std::unique_ptr<SqliteWriter> writer(
      new SqliteWriter(std::move(database), words, std::move(options)));
  auto ready = writer->prepare_statements();
  if (ready.ok()) ready = writer->recover();
  if (!ready.ok()) return ready.error();
  writer->thread_ = std::thread([self = writer.get()] { self->run(); });
  return writer;
}

SqliteWriter::~SqliteWriter() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Status SqliteWriter::prepare_statements() {
  auto rows = RowWriter::create(database_);
  if (!rows.ok()) return rows.error();
  rows_ = *std::move(rows);
  auto pruner = LogPruner::create(database_, words_);
  if (!pruner.ok()) return pruner.error();
  pruner_ = *std::move(pruner);
  database_.watch_log();
  const std::array<std::pair<Statement*, const char*>, 7> statements = {{
      {&note_, "INSERT OR IGNORE INTO acknowledgment VALUES(?1,?2)"},
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&rollback_, "ROLLBACK"},
      {&savepoint_, "SAVEPOINT one"},
      {&release_, "RELEASE one"},
      {&rollback_to_, "ROLLBACK TO one"},
  }};
  for (const auto& [statement, sql] : statements) {
    auto prepared = database_.prepare(sql);
    if (!prepared.ok()) return prepared.error();
    *statement = *std::move(prepared);
  }
  return Done{};
}

Status SqliteWriter::recover() {
  const auto message = database_.number(writer_query::kLastMessage);
  if (!message.ok()) return message.error();
  const auto feed = database_.number(writer_query::kLastFeed);
  if (!feed.ok()) return feed.error();
  counters_ = {*message, *feed};
  last_ = *message;

  auto prepared = database_.prepare(writer_query::kWords);
  if (!prepared.ok()) return prepared.error();
  Statement query = *std::move(prepared);
  auto row = query.step();
  for (; row.ok() && *row; row = query.step()) {
    words_.add(query.integer(0), query.text(1));
  }
  if (!row.ok()) return row.error();
  return Done{};
}

void SqliteWriter::commit(Commit commit, CommitDone done) {
  if (failed()) return;  // nothing completes any more
  Waiting waiting{{}, std::move(done), broken_promise(commit), 0};
  if (!waiting.refusal) waiting.set = prepare(std::move(commit), words_);
  std::vector<WriteSet> used;  // freed when the lock is
  {
    const std::lock_guard lock(mutex_);
    used.swap(used_);
    if (waiting_.size() >= options_.most_waiting) {
      waiting.set = {};
      waiting.refusal = Error{ErrorCode::busy, "too many commits are waiting"};
    }
    waiting_.push_back(std::move(waiting));
  }
  wake_.notify_one();
}

void SqliteWriter::acknowledged(Sequence sequence, Instant at) {
  const std::lock_guard lock(mutex_);
  notes_.push_back({sequence, at});
}

// In the transaction that is open.
Status SqliteWriter::write_notes() {
  {
    const std::lock_guard lock(mutex_);
    writing_.insert(writing_.end(), notes_.begin(), notes_.end());
    notes_.clear();
  }
  for (const auto& note : writing_) {
    const auto done =
        note_.run(note.sequence, note.at.time_since_epoch().count());
    if (!done.ok()) return done;
  }
  return Done{};
}

// Where no commit takes them along. They are no promise: what goes wrong here
// goes wrong again where it matters.
void SqliteWriter::keep_notes() {
  {
    const std::lock_guard lock(mutex_);
    if (notes_.empty() && writing_.empty()) return;
  }
  // Not synced: the checkpoint that follows, or the next commit, does it.
  auto done = database_.execute("PRAGMA synchronous=NORMAL");
  if (done.ok()) done = begin_.run();
  if (done.ok()) done = write_notes();
  if (done.ok()) done = commit_.run();
  if (done.ok()) {
    writing_.clear();
  } else {
    (void)rollback_.run();
    if (done.error().code == ErrorCode::fault) return fail(done.error());
  }
  done = database_.execute("PRAGMA synchronous=FULL");
  if (!done.ok()) fail(done.error());
}

void SqliteWriter::prune(PruneOrder order, PruneDone done) {
  if (failed()) return;
  {
    const std::lock_guard lock(mutex_);
    prunings_.push_back({std::move(order), std::move(done)});
  }
  wake_.notify_one();
}

void SqliteWriter::run() {
  Group group;
  while (take(group)) {
    if (!group.empty()) process(group);
    hand_back(group);
    if (failed()) break;
    prune_next();
    if (failed()) break;
    checkpoint_if_large();
  }
  if (!failed()) keep_notes();
  if (!failed()) checkpoint(Database::CheckpointMode::truncate);
}

// Memory is freed fastest by the thread that took it: this one would wait for
// the locks of the others' heaps.
void SqliteWriter::hand_back(Group& group) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& waiting : group) used_.push_back(std::move(waiting.set));
  }
  group.clear();
}

// Waits for work: commits, or a segment to prune, for which the group stays
// empty. False when there is none and none will come.
bool SqliteWriter::take(Group& group) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] {
    return stop_ || !waiting_.empty() || !prunings_.empty();
  };
  if (unmoved_ && !wake_.wait_for(lock, kQuiet, ready)) {
    lock.unlock();
    keep_notes();
    if (failed()) return false;
    checkpoint(Database::CheckpointMode::passive);
    if (failed()) return false;
    lock.lock();
  }
  wake_.wait(lock, ready);
  const auto count = std::min(waiting_.size(), options_.group);
  for (std::size_t i = 0; i < count; ++i) {
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return count > 0 || !prunings_.empty();
}

void SqliteWriter::prune_next() {
  Pruning next;
  {
    const std::lock_guard lock(mutex_);
    if (prunings_.empty()) return;
    next = std::move(prunings_.front());
    prunings_.pop_front();
  }
  auto pruned = prune_now(next.order);
  if (pruned.ok()) unmoved_ = true;
  if (!pruned.ok() && pruned.error().code == ErrorCode::fault) {
    return fail(pruned.error());
  }
  next.done(std::move(pruned));
}

// What was deleted is overwritten, so that it is gone from the file too.
Result<std::vector<MessageCount>> SqliteWriter::prune_now(
    const PruneOrder& order) {
  auto done = database_.execute("PRAGMA secure_delete=1");
  if (done.ok()) done = begin_.run();
  if (!done.ok()) return done.error();
  auto pruned = pruner_->prune(order, counters_.message);
  if (pruned.ok()) {
    done = commit_.run();
    if (done.ok()) return pruned;
    pruned = done.error();
  }
  (void)rollback_.run();
  return pruned;
}

void SqliteWriter::process(Group& group) {
  auto written = add_words(group);
  if (written.ok()) {
    written = write(group, Savepoints::none);
    if (!written.ok() && written.error().code == ErrorCode::conflict) {
      written = write(group, Savepoints::each);
    }
  }
  if (written.ok()) {
    unmoved_ = true;
    complete(group);
  } else if (written.error().code == ErrorCode::fault) {
    fail(written.error());
  } else {  // a full disk, or a stranger who holds the database
    give_up(group, {.code = ErrorCode::unavailable,
                    .message = written.error().message,
                    .disk_full = written.error().disk_full});
  }
}

// Words are few and stay: a transaction of their own makes them durable
// before anyone can use their numbers, whatever becomes of the group.
Status SqliteWriter::add_words(Group& group) {
  std::vector<std::string> fresh;
  for (const auto& waiting : group) {
    for (const auto& word : waiting.set.missing) {
      if (!words_.find(word)) fresh.push_back(word);
    }
  }
  std::sort(fresh.begin(), fresh.end());
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  if (!fresh.empty()) {
    auto done = begin_.run();
    const WordId first = words_.next_id();
    for (std::size_t i = 0; done.ok() && i < fresh.size(); ++i) {
      done = rows_->write_word(first + static_cast<WordId>(i), fresh[i]);
    }
    if (done.ok()) done = commit_.run();
    if (!done.ok()) {
      (void)rollback_.run();
      return done;
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      words_.add(first + static_cast<WordId>(i), fresh[i]);
    }
  }
  for (auto& waiting : group) {
    if (!waiting.set.missing.empty()) number(waiting.set, words_);
  }
  return Done{};
}

// All of the group, or, on an error, nothing of it.
Status SqliteWriter::write(Group& group, Savepoints savepoints) {
  const Counters before = counters_;
  const Instant now = options_.clock();
  auto done = begin_.run();
  for (auto& waiting : group) {
    if (!done.ok()) break;
    if (!waiting.refusal) done = write_one(waiting, now, savepoints);
  }
  if (done.ok()) done = write_notes();
  if (done.ok()) done = commit_.run();
  if (done.ok()) {
    writing_.clear();
    return done;
  }
  (void)rollback_.run();  // fails where SQLite has rolled back by itself
  counters_ = before;
  return done;
}

Status SqliteWriter::write_one(Waiting& waiting, Instant now,
                               Savepoints savepoints) {
  if (savepoints == Savepoints::none) {
    const auto done = rows_->write(waiting.set, now, counters_);
    waiting.sequence = counters_.message;
    return done;
  }
  const Counters before = counters_;
  auto done = savepoint_.run();
  if (!done.ok()) return done;
  done = rows_->write(waiting.set, now, counters_);
  waiting.sequence = counters_.message;
  if (!done.ok()) {
    if (done.error().code != ErrorCode::conflict) return done;
    waiting.refusal = done.error();
    counters_ = before;
    done = rollback_to_.run();
    if (!done.ok()) return done;
  }
  return release_.run();
}

void SqliteWriter::complete(Group& group) {
  last_ = counters_.message;
  for (auto& waiting : group) {
    if (waiting.refusal) {
      waiting.done(*waiting.refusal);
    } else {
      waiting.done(Receipt{waiting.sequence});
    }
  }
}

void SqliteWriter::give_up(Group& group, const Error& error) {
  for (auto& waiting : group) {
    waiting.done(waiting.refusal ? *waiting.refusal : error);
  }
}

// After a failed sync nobody knows what the disk holds, and trying again may
// succeed without having written: the process must end and recover.
void SqliteWriter::fail(const Error& error) {
  failed_ = true;
  std::deque<Waiting> dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(waiting_);
  }
  if (!options_.fatal) std::abort();
  options_.fatal(error);
}

// SQLite begins the log anew once all of it was moved and nobody reads it. If
// readers never let it, it is made to wait for them.
void SqliteWriter::checkpoint_if_large() {
  const int pages = database_.log_pages();
  if (pages < moved_pages_) moved_pages_ = 0;
  if (pages - moved_pages_ < options_.checkpoint_pages) return;
  checkpoint(pages < 4 * options_.checkpoint_pages
                 ? Database::CheckpointMode::passive
                 : Database::CheckpointMode::restart);
}

// A full disk or a reader only delays it: the log keeps what was not moved.
void SqliteWriter::checkpoint(Database::CheckpointMode mode) {
  unmoved_ = false;
  moved_pages_ = database_.log_pages();
  const auto done = database_.checkpoint(mode);
  if (!done.ok() && done.error().code == ErrorCode::fault) fail(done.error());
}

}  // namespace gateway::store
