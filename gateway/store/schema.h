// The tables of a SQLite store. A store says which program and which version
// of the schema made it; an earlier one is brought up to date, a later or an
// unknown one is refused and left as it is. What each table holds is told in
// README.md.

#pragma once

#include <string>

#include "base/result.h"
#include "store/sqlite.h"

namespace gateway::store {

constexpr int kSchemaVersion = 3;

// Sets the pragmas of the one connection that writes, and proves that they
// hold: commits are synced (synchronous=FULL), the log is a WAL, checkpoints
// are ours alone, nothing is memory-mapped.
Status prepare_writer(Database& database, std::size_t cache_bytes);
Status prepare_reader(Database& database, std::size_t cache_bytes);

// Creates the tables in an empty database; in another one, adds what its
// version lacks, and checks the whole.
Status ensure_schema(Database& database);

}  // namespace gateway::store
