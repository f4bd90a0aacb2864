#include "store/sqlite_reader.h"

#include <algorithm>

#include "store/schema.h"

namespace gateway::store {
namespace {

// Searches differ in their number of terms and values; beyond this many forms
// the one that was not used for longest goes.
constexpr std::size_t kMostStatements = 64;

}  // namespace

Result<std::unique_ptr<SqliteReader>> SqliteReader::open(
    Database::Place place, ReaderOptions options) {
  std::unique_ptr<SqliteReader> reader(new SqliteReader);
  place.access = Database::Access::read;
  for (std::size_t i = 0; i < options.connections; ++i) {
    auto opened = Database::open(place);
    if (!opened.ok()) return opened.error();
    Database database = *std::move(opened);
    const auto prepared = prepare_reader(database, options.cache_bytes);
    if (!prepared.ok()) return prepared.error();
    reader->free_.push_back(std::make_unique<Connection>(std::move(database)));
  }
  return reader;
}

SqliteReader::Lease::Lease(SqliteReader& reader) : reader_(reader) {
  std::unique_lock lock(reader_.mutex_);
  reader_.returned_.wait(lock, [this] { return !reader_.free_.empty(); });
  connection_ = std::move(reader_.free_.back());
  reader_.free_.pop_back();
}

SqliteReader::Lease::~Lease() {
  {
    const std::lock_guard lock(reader_.mutex_);
    reader_.free_.push_back(std::move(connection_));
  }
  reader_.returned_.notify_one();
}

Result<Statement*> SqliteReader::Connection::prepared(const std::string& sql) {
  const auto known =
      std::find_if(statements_.begin(), statements_.end(),
                   [&](const auto& kept) { return kept.first == sql; });
  if (known != statements_.end()) {
    statements_.splice(statements_.begin(), statements_, known);
    return &statements_.front().second;
  }
  auto made = database_.prepare(sql);
  if (!made.ok()) return made.error();
  statements_.emplace_front(sql, *std::move(made));
  if (statements_.size() > kMostStatements) statements_.pop_back();
  return &statements_.front().second;
}

void SqliteReader::bind(Statement& statement, const Query& query) {
  int place = 0;
  for (const auto& value : query.values) {
    ++place;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      statement.bind(place, *number);
    } else {
      statement.bind(place, std::string_view(std::get<std::string>(value)));
    }
  }
}

}  // namespace gateway::store
