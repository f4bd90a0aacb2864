// QueryBuilder makes every SELECT over what the store keeps: the one place
// where a Scope becomes a condition, so that no query can forget it. A query
// that can find nothing (an owner, type or parameter that no row bears) is no
// query at all.
//
// The dialect says how a database wants its placeholders written.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/store.h"
#include "store/words.h"

namespace gateway::store {

enum class Dialect : std::uint8_t { sqlite, postgres };

using Value = std::variant<std::int64_t, std::string>;

struct Query {
  std::string sql;
  std::vector<Value> values;  // of the placeholders, from the first on
};
using OptionalQuery = std::optional<Query>;

class QueryBuilder {
 public:
  // `words` must outlive the builder.
  QueryBuilder(Dialect dialect, const Words& words)
      : dialect_(dialect), words_(words) {}

  // Resources, with the columns of kResourceColumns.
  [[nodiscard]] OptionalQuery read(const Scope& scope,
                                   const fhir::ResourceId& id) const;
  // `version` nothing: all of them, newest first.
  [[nodiscard]] OptionalQuery versions(
      const Scope& scope, const fhir::ResourceId& id,
      std::optional<std::uint32_t> version) const;
  // One more than `count`, so that the reader sees whether there are more.
  [[nodiscard]] OptionalQuery search(const Scope& scope,
                                     const SearchQuery& query,
                                     Sequence upto) const;
  [[nodiscard]] OptionalQuery count(const Scope& scope,
                                    const SearchQuery& query,
                                    Sequence upto) const;
  [[nodiscard]] OptionalQuery read_case(const std::string& owner,
                                        const std::string& case_key) const;

  [[nodiscard]] Query written_by(Sequence sequence) const;

  // Messages, with the columns of kMessageColumns.
  [[nodiscard]] OptionalQuery message(const Scope& scope,
                                      Sequence sequence) const;
  [[nodiscard]] OptionalQuery digest(const std::string& owner,
                                     const std::string& digest) const;
  [[nodiscard]] OptionalQuery messages(const Scope& scope,
                                       const MessageQuery& query) const;

  // sequence, owner, state, status, received, headers, answer
  [[nodiscard]] OptionalQuery kept_answer(const std::string& owner,
                                          const std::string& digest) const;
  // segment, owner, state, messages, bytes, oldest, newest
  [[nodiscard]] Query segments(Sequence newest) const;
  // owner, state, messages, bytes, oldest, newest, at
  [[nodiscard]] OptionalQuery pruned(const Scope& scope,
                                     const MessageQuery& query) const;
  // at, which
  [[nodiscard]] OptionalQuery prunings_of(const Scope& scope,
                                          std::int64_t segment) const;

  // entries, packed as write_set.h says
  [[nodiscard]] OptionalQuery ledger(const std::string& owner,
                                     const std::string& authorization) const;
  // version, partner, at
  [[nodiscard]] OptionalQuery pulls(const std::string& owner,
                                    const fhir::ResourceId& claim) const;
  // case_key
  [[nodiscard]] OptionalQuery dependents(const std::string& owner,
                                         const std::string& resource) const;
  // resource
  [[nodiscard]] OptionalQuery key(const std::string& owner,
                                  const std::string& type,
                                  const std::string& key) const;
  // sequence, owner, topic, type, id, version
  [[nodiscard]] OptionalQuery feed(const Scope& scope, const std::string& topic,
                                   Sequence after, std::size_t count) const;

 private:
  Dialect dialect_;
  const Words& words_;
};

}  // namespace gateway::store
