#include "store/schema.h"

#include <array>

namespace gateway::store {
namespace {

constexpr std::int64_t kApplicationId = 0x576B4774;  // "WkGt"

constexpr const char* kVersion1 = R"(
CREATE TABLE word(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE body(sequence INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE message(
  sequence INTEGER PRIMARY KEY, owner INTEGER NOT NULL,
  channel INTEGER NOT NULL, state INTEGER NOT NULL, status INTEGER NOT NULL,
  received INTEGER NOT NULL, committed INTEGER NOT NULL, peer TEXT NOT NULL,
  request TEXT NOT NULL, control TEXT NOT NULL, rule TEXT NOT NULL,
  digest TEXT NOT NULL, headers TEXT NOT NULL, keys BLOB NOT NULL,
  start INTEGER NOT NULL, content INTEGER NOT NULL, outcome INTEGER NOT NULL,
  answer INTEGER NOT NULL) STRICT;
CREATE INDEX message_owner ON message(owner, sequence);
CREATE INDEX message_state ON message(state, sequence) WHERE state > 0;
CREATE TABLE version(
  position INTEGER PRIMARY KEY, type INTEGER NOT NULL, id TEXT NOT NULL,
  owner INTEGER NOT NULL, version INTEGER NOT NULL, previous INTEGER NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, status TEXT NOT NULL,
  case_key TEXT NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL,
  entries BLOB NOT NULL) STRICT;
CREATE TABLE head(
  type INTEGER NOT NULL, id TEXT NOT NULL, owner INTEGER NOT NULL,
  version INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY(type, id, owner)) STRICT, WITHOUT ROWID;
CREATE TABLE entry(
  value TEXT NOT NULL, cluster INTEGER NOT NULL, owner INTEGER NOT NULL,
  position INTEGER NOT NULL, param INTEGER NOT NULL,
  PRIMARY KEY(value, cluster, owner, position, param)) STRICT, WITHOUT ROWID;
CREATE TABLE business_key(
  key TEXT NOT NULL, type INTEGER NOT NULL, owner INTEGER NOT NULL,
  resource TEXT NOT NULL,
  PRIMARY KEY(key, type, owner)) STRICT, WITHOUT ROWID;
CREATE TABLE digest(
  digest TEXT NOT NULL, owner INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY(digest, owner)) STRICT, WITHOUT ROWID;
CREATE TABLE ledger(
  authorization TEXT NOT NULL, owner INTEGER NOT NULL,
  sequence INTEGER NOT NULL, entries BLOB NOT NULL,
  PRIMARY KEY(authorization, owner, sequence)) STRICT, WITHOUT ROWID;
CREATE TRIGGER ledger_is_not_updated BEFORE UPDATE ON ledger
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TABLE feed(
  sequence INTEGER PRIMARY KEY, topic INTEGER NOT NULL,
  owner INTEGER NOT NULL, type INTEGER NOT NULL, id TEXT NOT NULL,
  version INTEGER NOT NULL) STRICT;
CREATE INDEX feed_reader ON feed(topic, owner, sequence);
CREATE TABLE pull(
  id TEXT NOT NULL, type INTEGER NOT NULL, owner INTEGER NOT NULL,
  version INTEGER NOT NULL, partner INTEGER NOT NULL, at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY(id, type, owner, version, partner)) STRICT, WITHOUT ROWID;
CREATE TABLE dependent(
  resource TEXT NOT NULL, owner INTEGER NOT NULL, case_key TEXT NOT NULL,
  PRIMARY KEY(resource, owner, case_key)) STRICT, WITHOUT ROWID;
)";

// A new store takes the same steps as an old one, so that both are alike.
constexpr const char* kVersion2 = R"(
ALTER TABLE message ADD COLUMN stages BLOB NOT NULL DEFAULT x'';
CREATE TABLE pruned(
  segment INTEGER NOT NULL, state INTEGER NOT NULL, owner INTEGER NOT NULL,
  at INTEGER NOT NULL, messages INTEGER NOT NULL, bytes INTEGER NOT NULL,
  oldest INTEGER NOT NULL, newest INTEGER NOT NULL, which BLOB NOT NULL,
  PRIMARY KEY(segment, state, owner, at)) STRICT, WITHOUT ROWID;
CREATE TABLE answer(
  sequence INTEGER PRIMARY KEY, owner INTEGER NOT NULL, digest TEXT NOT NULL,
  received INTEGER NOT NULL, state INTEGER NOT NULL, status INTEGER NOT NULL,
  headers TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
)";
// When the answer to a message was written: known only after its commit, and
// so in rows of their own, which are short.
constexpr const char* kVersion3 = R"(
CREATE TABLE acknowledgment(
  sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TRIGGER message_is_gone AFTER DELETE ON message
  BEGIN DELETE FROM acknowledgment WHERE sequence = OLD.sequence; END;
)";
constexpr std::array kVersions = {kVersion1, kVersion2, kVersion3};
static_assert(kVersions.size() == kSchemaVersion);

constexpr const char* kDefinitions =
    "SELECT coalesce(group_concat(sql, ';'), '') FROM "
    "(SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";

Error refusal(std::string text) {
  return {ErrorCode::unsupported, std::move(text)};
}

// The steps behind that version.
std::string steps_behind(std::int64_t version) {
  std::string sql;
  for (auto i = static_cast<std::size_t>(version); i < kVersions.size(); ++i) {
    sql += kVersions.at(i);
  }
  return sql;
}

Status advance(Database& database, std::int64_t version) {
  auto done = database.execute(
      "BEGIN IMMEDIATE;" + steps_behind(version) +
      "PRAGMA application_id=" + std::to_string(kApplicationId) +
      "; PRAGMA user_version=" + std::to_string(kSchemaVersion) + "; COMMIT;");
  if (!done.ok()) (void)database.execute("ROLLBACK");
  return done;
}

// The definitions as SQLite writes them, from a database of the same tables.
Result<std::string> expected_definitions(std::int64_t version) {
  auto opened = Database::open({.path = ":memory:"});
  if (!opened.ok()) return opened.error();
  Database model = *std::move(opened);
  for (std::size_t i = 0; i < static_cast<std::size_t>(version); ++i) {
    const auto made = model.execute(kVersions.at(i));
    if (!made.ok()) return made.error();
  }
  return model.text(kDefinitions);
}

struct Pragma {
  const char* name;
  std::string value;  // as it must read back
};

template <std::size_t kCount>
Status apply(Database& database, const std::array<Pragma, kCount>& pragmas) {
  for (const auto& pragma : pragmas) {
    const std::string name = std::string("PRAGMA ") + pragma.name;
    auto done = database.execute(name + "=" + pragma.value);
    if (!done.ok()) return done.error();
    const auto seen = database.text(name);
    if (!seen.ok()) return seen.error();
    if (*seen == pragma.value) continue;
    return Error{ErrorCode::fault, std::string("SQLite does not hold ") +
                                       pragma.name + "=" + pragma.value +
                                       " but " + *seen};
  }
  return Done{};
}

}  // namespace

Status prepare_writer(Database& database, std::size_t cache_bytes) {
  const std::array<Pragma, 8> pragmas = {{
      {"page_size", "8192"},  // counts only before the first table
      {"journal_mode", "wal"},
      {"synchronous", "2"},  // FULL
      {"wal_autocheckpoint", "0"},
      {"temp_store", "2"},  // memory
      {"trusted_schema", "0"},
      {"busy_timeout", "50"},  // ms: what a checkpoint waits for readers
      {"cache_size", "-" + std::to_string(cache_bytes / 1024)},
  }};
  auto applied = apply(database, pragmas);
  if (!applied.ok()) return applied.error();
  return database.execute("PRAGMA mmap_size=0");
}

Status prepare_reader(Database& database, std::size_t cache_bytes) {
  const std::array<Pragma, 4> pragmas = {{
      {"query_only", "1"},
      {"busy_timeout", "1000"},
      {"trusted_schema", "0"},
      {"cache_size", "-" + std::to_string(cache_bytes / 1024)},
  }};
  auto applied = apply(database, pragmas);
  if (!applied.ok()) return applied.error();
  return database.execute("PRAGMA mmap_size=0");
}

Status ensure_schema(Database& database) {
  const auto found = database.text(kDefinitions);
  if (!found.ok()) return found.error();
  if (found->empty()) return advance(database, 0);

  const auto application = database.number("PRAGMA application_id");
  if (!application.ok()) return application.error();
  if (*application != kApplicationId) {
    return refusal("this database was not made by Workgate");
  }
  const auto version = database.number("PRAGMA user_version");
  if (!version.ok()) return version.error();
  if (*version < 1 || *version > kSchemaVersion) {
    return refusal("the store has schema version " + std::to_string(*version) +
                   ", but this program knows versions up to " +
                   std::to_string(kSchemaVersion) +
                   " only: run the program that wrote it");
  }
  const auto expected = expected_definitions(*version);
  if (!expected.ok()) return expected.error();
  if (*found != *expected) {
    return refusal("the tables of the store are not those of schema version " +
                   std::to_string(*version) + ": restore a backup");
  }
  if (*version < kSchemaVersion) return advance(database, *version);
  return Done{};
}

}  // namespace gateway::store
