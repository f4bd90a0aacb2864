// SqliteReader answers queries from a small pool of read-only connections, so
// that readers neither wait for the writer nor disturb it. Safe for many
// threads; each holds a connection for one query only.

#pragma once

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/query_builder.h"
#include "store/sqlite.h"

namespace gateway::store {

struct ReaderOptions {
  std::size_t connections = 4;
  std::size_t cache_bytes = 8U << 20U;  // of each connection
};

class SqliteReader {
 public:
  static Result<std::unique_ptr<SqliteReader>> open(Database::Place place,
                                                    ReaderOptions options);

  // All rows of the query, each turned into a T by `row(const Statement&)`.
  template <typename T, typename Row>
  Result<std::vector<T>> rows(const OptionalQuery& query, Row row) {
    std::vector<T> found;
    if (!query) return found;
    const Lease lease(*this);
    auto statement = lease->prepared(query->sql);
    if (!statement.ok()) return statement.error();
    bind(**statement, *query);
    auto more = (*statement)->step();
    for (; more.ok() && *more; more = (*statement)->step()) {
      found.push_back(row(**statement));
    }
    (*statement)->reset();
    if (!more.ok()) return more.error();
    return found;
  }

 private:
  // With the statements that it used last.
  class Connection {
   public:
    explicit Connection(Database database) : database_(std::move(database)) {}
    // Valid until the next call.
    Result<Statement*> prepared(const std::string& sql);

   private:
    Database database_;
    std::list<std::pair<std::string, Statement>> statements_;
  };

  class Lease {
   public:
    explicit Lease(SqliteReader& reader);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection* operator->() const { return connection_.get(); }

   private:
    SqliteReader& reader_;
    std::unique_ptr<Connection> connection_;
  };

  SqliteReader() = default;
  static void bind(Statement& statement, const Query& query);

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace gateway::store
