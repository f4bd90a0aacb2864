// Sql is the text of a query with its values, put together piece by piece, so
// that no value is ever part of the text.

#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "store/query_builder.h"

namespace gateway::store {

class Sql {
 public:
  explicit Sql(Dialect dialect) : dialect_(dialect) {}

  Sql& operator<<(std::string_view text) {
    query_.sql.append(text);
    return *this;
  }
  // A placeholder for the value.
  Sql& value(Value value) {
    query_.values.push_back(std::move(value));
    query_.sql += dialect_ == Dialect::sqlite ? '?' : '$';
    query_.sql += std::to_string(query_.values.size());
    return *this;
  }
  // "column = ?1" or "column IN (?1, ?2)". REQUIRES: `values` is not empty.
  template <typename Items>
  Sql& among(std::string_view column, const Items& values) {
    *this << column;
    if (values.size() == 1) {
      *this << " = ";
      return value(values.front());
    }
    std::string_view separator = " IN (";
    for (const auto& item : values) {
      *this << separator;
      value(item);
      separator = ", ";
    }
    return *this << ")";
  }

  Query take() { return std::move(query_); }

 private:
  Dialect dialect_;
  Query query_;
};

}  // namespace gateway::store
