// SqliteStore is the embedded store: one writer (sqlite_writer.h), a pool of
// readers (sqlite_reader.h), one data directory. What lies where is told in
// README.md.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/date.h"
#include "base/result.h"
#include "store/store.h"

namespace gateway::store {

struct SqliteOptions {
  std::string directory;
  std::function<Instant()> clock{};
  // See store.h. Called from the store's thread; without one, the process
  // aborts.
  std::function<void(const Error&)> fatal{};
  std::size_t readers = 4;
  std::size_t writer_cache_bytes = 64U << 20U;
  std::size_t reader_cache_bytes = 8U << 20U;  // each
  std::size_t most_waiting = 8192;  // commits, before they are refused: busy
  std::string vfs;  // SQLite's file system layer; empty: the system's
};

// Refused: a directory that another process holds, a database of another
// program or of an unknown schema version. Closing completes what waits.
Result<std::unique_ptr<Store>> open_sqlite(SqliteOptions options);

}  // namespace gateway::store
