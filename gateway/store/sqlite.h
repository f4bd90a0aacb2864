// Database and Statement own SQLite's handles and turn its codes into Errors.
//
// What a code means is decided once, here: conflict for a broken constraint,
// unavailable with disk_full for a full disk, fault for all else. Whoever
// writes treats fault as the end (see sqlite_writer.h).

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace gateway::store {

// Bytes that are not text.
struct Blob {
  std::string_view bytes;
};

// A prepared statement, kept for many uses by one thread at a time. Texts are
// bound without a copy: they must live until the next reset().
class Statement {
 public:
  Statement() = default;

  Statement& bind(int place, std::int64_t value);
  Statement& bind(int place, std::string_view text);
  Statement& bind(int place, Blob blob);

  // True while there is a row.
  Result<bool> step();
  void reset();

  // Binds all, from the first place on, and executes to the end.
  template <typename... Values>
  Status run(const Values&... values) {
    int place = 0;
    (bind(++place, values), ...);
    return finish();
  }

  // Of the current row, columns from 0. Views live until step() or reset().
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Status finish();

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  enum class Access : std::uint8_t { read, write };
  struct Place {
    std::string path;
    Access access = Access::write;
    std::string vfs{};  // empty: the system's
  };

  Database() = default;
  static Result<Database> open(const Place& place);

  // One or several statements whose rows nobody wants.
  Status execute(const std::string& sql);
  Result<Statement> prepare(std::string_view sql);
  // First column of the first row; 0 if there is none.
  Result<std::int64_t> number(std::string_view sql);
  Result<std::string> text(std::string_view sql);

  // Rows that the last INSERT, UPDATE or DELETE touched.
  [[nodiscard]] std::int64_t changes() const;

  // Copies the log back into the database as far as readers allow.
  struct Checkpoint {
    int log_pages = 0;
    int moved_pages = 0;
  };
  enum class CheckpointMode : std::uint8_t { passive, restart, truncate };
  Result<Checkpoint> checkpoint(CheckpointMode mode);

  // From now on log_pages() tells how long the log is, counted anew when
  // SQLite begins it again. Replaces SQLite's own checkpoints.
  void watch_log();
  [[nodiscard]] int log_pages() const { return *log_pages_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<int> log_pages_ = std::make_unique<int>(0);
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace gateway::store
