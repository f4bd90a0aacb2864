#include "store/sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace gateway::store {
namespace {

// Of the primary code; messages of SQLite name tables and columns, no values.
Error error_of(int code, sqlite3* handle) {
  const char* const text =
      handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
      return {ErrorCode::conflict, text};
    case SQLITE_FULL:
      return {.code = ErrorCode::unavailable,
              .message = "the disk of the store is full: free some space",
              .disk_full = true};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::busy, text};
    default:
      return {ErrorCode::fault, std::string("SQLite error ") +
                                    std::to_string(code) + ": " + text};
  }
}

int extended_code(sqlite3* handle, int code) {
  return handle != nullptr ? sqlite3_extended_errcode(handle) : code;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

// A bind fails only when memory ends or the place does not exist; the step
// that follows then fails too, for lack of a value that the schema demands.
Statement& Statement::bind(int place, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), place, value);
  return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
  const char* const start = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement_.get(), place, start, text.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int place, Blob blob) {
  const char* const start =
      blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  sqlite3_bind_blob64(statement_.get(), place, start, blob.bytes.size(),
                      SQLITE_STATIC);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* const handle = sqlite3_db_handle(statement_.get());
  return error_of(extended_code(handle, code), handle);
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

Status Statement::finish() {
  auto more = step();
  while (more.ok() && *more) more = step();
  reset();
  if (!more.ok()) return more.error();
  return Done{};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const void* const start = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (start == nullptr || size <= 0) return {};
  return {static_cast<const char*>(start), static_cast<std::size_t>(size)};
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Result<Database> Database::open(const Place& place) {
  // Without a count of its memory, SQLite allocates without a global lock.
  // Has no effect once SQLite is in use.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;
  const int flags =
      SQLITE_OPEN_NOMUTEX | (place.access == Access::write
                                 ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                 : SQLITE_OPEN_READONLY);
  sqlite3* handle = nullptr;
  const char* const vfs = place.vfs.empty() ? nullptr : place.vfs.c_str();
  const int code = sqlite3_open_v2(place.path.c_str(), &handle, flags, vfs);
  Database database;
  database.handle_.reset(handle);
  if (code != SQLITE_OK) {
    Error error = error_of(code, handle);
    error.message = "cannot open " + place.path + ": " + error.message;
    return error;
  }
  sqlite3_extended_result_codes(handle, 1);
  return database;
}

Status Database::execute(const std::string& sql) {
  const int code =
      sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(code, handle_.get());
  return Done{};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(
      handle_.get(), sql.data(), static_cast<int>(sql.size()),
      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return error_of(code, handle_.get());
  return Statement(statement);
}

Result<std::int64_t> Database::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement.ok()) return statement.error();
  Statement query = *std::move(statement);
  const auto row = query.step();
  if (!row.ok()) return row.error();
  return *row ? query.integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement.ok()) return statement.error();
  Statement query = *std::move(statement);
  const auto row = query.step();
  if (!row.ok()) return row.error();
  return *row ? std::string(query.text(0)) : std::string();
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_.get());
}

Result<Database::Checkpoint> Database::checkpoint(CheckpointMode mode) {
  int how = SQLITE_CHECKPOINT_PASSIVE;
  if (mode == CheckpointMode::restart) how = SQLITE_CHECKPOINT_RESTART;
  if (mode == CheckpointMode::truncate) how = SQLITE_CHECKPOINT_TRUNCATE;
  Checkpoint result;
  const int code = sqlite3_wal_checkpoint_v2(
      handle_.get(), "main", how, &result.log_pages, &result.moved_pages);
  if (code != SQLITE_OK) return error_of(code, handle_.get());
  return result;
}

void Database::watch_log() {
  sqlite3_wal_hook(
      handle_.get(),
      [](void* pages, sqlite3*, const char*, int now) {
        *static_cast<int*>(pages) = now;
        return SQLITE_OK;
      },
      log_pages_.get());
}

}  // namespace gateway::store
