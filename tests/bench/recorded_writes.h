// Reads the rows that a gateway has written, commit by commit, out of its own
// database, and writes them again with nothing around them: the bare writer
// against which the gateway's rate is measured. Same rows, same bytes, same
// index entries, same tables, same sync; no queue, no packing, no checks.

#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "store/write_set.h"

namespace gateway::bench {

// SQLite's C interface without error handling: a benchmark stops instead.
class BareDatabase {
 public:
  explicit BareDatabase(const std::string& path) {
    check(sqlite3_open(path.c_str(), &handle_));
  }
  ~BareDatabase() { sqlite3_close_v2(handle_); }
  BareDatabase(const BareDatabase&) = delete;
  BareDatabase& operator=(const BareDatabase&) = delete;

  void execute(const std::string& sql) {
    check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
  }
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr));
    return statement;
  }
  [[nodiscard]] sqlite3* handle() const { return handle_; }
  void check(int code) const {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    std::cerr << "bare SQLite: " << sqlite3_errmsg(handle_) << '\n';
    std::exit(1);
  }

 private:
  sqlite3* handle_ = nullptr;
};

struct BareBlob {
  std::string bytes;
};
using BareValue = std::variant<std::int64_t, std::string, BareBlob>;
struct BareRow {
  std::size_t table;  // place in kReplayed
  std::vector<BareValue> values;
};
struct RecordedCommits {
  std::vector<std::vector<BareRow>> commits;  // in order
  std::size_t rows = 0;
  std::size_t entries = 0;  // rows of the search index among them
  std::size_t bytes = 0;    // of all values, integers as 8
};

// Each table that commits write, and how its rows tell their commit: by an
// expression over the row. Keys, which do not tell it, are taken in the order
// of their resources.
struct ReplayedTable {
  const char* name;
  const char* sequence;
};
inline constexpr ReplayedTable kReplayed[] = {
    {"digest", "sequence"},
    {"business_key",
     "(SELECT min(v.position) / 65536 FROM version v, head h WHERE "
     "h.type = t.type AND h.id = t.resource AND h.owner = t.owner "
     "AND v.position = h.position)"},
    {"head", "position / 65536"},
    {"version", "position / 65536"},
    {"entry", "position / 65536"},
    {"body", "sequence"},
    {"message", "sequence"},
    {"acknowledgment", "sequence"},
    {"ledger", "sequence"},
    {"feed",
     "(SELECT v.position / 65536 FROM head h JOIN version v ON v.position = "
     "h.position WHERE h.type = t.type AND h.id = t.id AND h.owner = t.owner)"},
    {"pull", "sequence"},
};

inline BareValue bare_value(sqlite3_stmt* row, int column) {
  const int kind = sqlite3_column_type(row, column);
  if (kind == SQLITE_INTEGER) return sqlite3_column_int64(row, column);
  const auto* const start =
      static_cast<const char*>(sqlite3_column_blob(row, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
  std::string bytes(start == nullptr ? "" : start, size);
  if (kind == SQLITE_BLOB) return BareBlob{std::move(bytes)};
  return bytes;
}

inline std::size_t bytes_of(const BareRow& row) {
  std::size_t bytes = 0;
  for (const auto& value : row.values) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      bytes += text->size();
    } else if (const auto* blob = std::get_if<BareBlob>(&value)) {
      bytes += blob->bytes.size();
    } else {
      bytes += 8;
    }
  }
  return bytes;
}

// Of a database that nobody writes at the moment.
inline RecordedCommits recorded_commits(const std::string& path) {
  BareDatabase database(path);
  std::map<std::int64_t, std::vector<BareRow>> by_sequence;
  RecordedCommits recorded;
  for (std::size_t table = 0; table < std::size(kReplayed); ++table) {
    const auto& replayed = kReplayed[table];
    sqlite3_stmt* const rows =
        database.prepare(std::string("SELECT coalesce(") + replayed.sequence +
                         ", 0), t.* FROM " + replayed.name + " t ORDER BY 1");
    while (sqlite3_step(rows) == SQLITE_ROW) {
      BareRow row{table, {}};
      for (int i = 1; i < sqlite3_column_count(rows); ++i) {
        row.values.push_back(bare_value(rows, i));
      }
      recorded.bytes += bytes_of(row);
      ++recorded.rows;
      if (std::string_view(replayed.name) == "entry") ++recorded.entries;
      by_sequence[sqlite3_column_int64(rows, 0)].push_back(std::move(row));
    }
    sqlite3_finalize(rows);
  }
  for (auto& [sequence, rows] : by_sequence) {
    recorded.commits.push_back(std::move(rows));
  }
  return recorded;
}

// Replays into a new database beside `source`, so many commits in one
// transaction as writers would wait, and gives the commits per second.
class BareReplay {
 public:
  BareReplay(const std::string& source, const std::string& target)
      : database_(target) {
    database_.execute(
        "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY");
    copy_schema(source);
    for (const auto& table : kReplayed) {
      inserts_.push_back(database_.prepare(insert_into(table.name)));
    }
  }
  ~BareReplay() {
    for (auto* const insert : inserts_) sqlite3_finalize(insert);
  }
  BareReplay(const BareReplay&) = delete;
  BareReplay& operator=(const BareReplay&) = delete;

  // The first `before` of them are there already, and take no time.
  double rate(const RecordedCommits& recorded, std::size_t group,
              std::size_t before = 0) {
    std::size_t done = 0;
    database_.execute("BEGIN IMMEDIATE");
    for (; done < before; ++done) write(recorded.commits[done]);
    database_.execute("COMMIT");
    const auto start = std::chrono::steady_clock::now();
    while (done < recorded.commits.size()) {
      const auto end = std::min(done + group, recorded.commits.size());
      database_.execute("BEGIN IMMEDIATE");
      for (; done < end; ++done) write(recorded.commits[done]);
      database_.execute("COMMIT");
      checkpoint_if_large();
    }
    const std::chrono::duration<double> took =
        std::chrono::steady_clock::now() - start;
    return static_cast<double>(done - before) / took.count();
  }

 private:
  void copy_schema(const std::string& source) {
    BareDatabase old(source);
    sqlite3_stmt* const rows = old.prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid");
    while (sqlite3_step(rows) == SQLITE_ROW) {
      database_.execute(std::get<std::string>(bare_value(rows, 0)));
    }
    sqlite3_finalize(rows);
    sqlite3_wal_hook(
        database_.handle(),
        [](void* pages, sqlite3*, const char*, int now) {
          *static_cast<int*>(pages) = now;
          return SQLITE_OK;
        },
        &log_pages_);
  }
  // As the store does.
  void checkpoint_if_large() {
    if (log_pages_ < 4096) return;
    sqlite3_wal_checkpoint_v2(database_.handle(), "main",
                              SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    log_pages_ = 0;
  }
  std::string insert_into(const std::string& table) {
    sqlite3_stmt* const one =
        database_.prepare("SELECT * FROM " + table + " LIMIT 0");
    std::string sql = "INSERT INTO " + table + " VALUES(?";
    for (int i = 1; i < sqlite3_column_count(one); ++i) sql += ",?";
    sqlite3_finalize(one);
    return sql + ")";
  }
  void write(const std::vector<BareRow>& rows) {
    for (const auto& row : rows) {
      sqlite3_stmt* const insert = inserts_[row.table];
      int place = 0;
      for (const auto& value : row.values) bind(insert, ++place, value);
      database_.check(sqlite3_step(insert));
      sqlite3_reset(insert);
    }
  }
  static void bind(sqlite3_stmt* insert, int place, const BareValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(insert, place, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      sqlite3_bind_text64(insert, place, text->data(), text->size(),
                          SQLITE_STATIC, SQLITE_UTF8);
    } else {
      const auto& bytes = std::get<BareBlob>(value).bytes;
      sqlite3_bind_blob64(insert, place, bytes.data(), bytes.size(),
                          SQLITE_STATIC);
    }
  }

  BareDatabase database_;
  std::vector<sqlite3_stmt*> inserts_;
  int log_pages_ = 0;
};

}  // namespace gateway::bench
