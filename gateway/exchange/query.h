// The query of a URL, or the form that stands for it in a POST _search, as
// names and values.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/refusal.h"

namespace gateway::exchange {

// One parameter of a query, percent-decoded, in the order received.
struct QueryParameter {
  std::string name;
  std::string value;
  bool operator==(const QueryParameter&) const = default;
};

constexpr std::size_t kMostParameters = 100;

// `text` as application/x-www-form-urlencoded. Refused (400): broken percent
// escapes, NUL, invalid UTF-8, too many parameters.
OrRefusal<std::vector<QueryParameter>> parse_query(std::string_view text);

// The same, encoded again.
std::string query_text(const std::vector<QueryParameter>& parameters);

// The value of the only parameter of that name; empty if there is none.
std::string_view value_of(const std::vector<QueryParameter>& parameters,
                          std::string_view name);

// A name as findings may repeat it: anything unusual in it is left out, since
// what callers send does not belong into texts.
std::string printable_name(std::string_view name);

}  // namespace gateway::exchange
