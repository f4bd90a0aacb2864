// What stands around a mapped resource in its transaction: the fullUrl, and
// the request with the business key by which it is created or updated once.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "map/map_writer.h"
#include "map/rule.h"

namespace gateway::map {

std::string entry_url(std::uint32_t number);

// The first identifier of a resource that has a value.
struct BusinessKey {
  std::string system;
  std::string value;
  bool is_known = false;

  void note(Rule::Part part, std::string_view text);
  // "identifier=system|value", escaped; empty without a value.
  [[nodiscard]] std::string query() const;
  // The same, but no system is said as such: "identifier=|value".
  [[nodiscard]] std::string exact_query() const;
};

// Of orders, slots, visits, sessions and grants there is one of each key, and a
// message that has two says nobody knows what.
bool is_one_by_key(std::string_view type);

// Of a resource that is kept under its key already.
inline bool updates(Method method) {
  return method == Method::update || method == Method::withdraw;
}

// post if there is none of that name.
Method method_named(std::string_view name);

// Up to the first entry.
void open_transaction(MapWriter& writer);

// Without a key, everything is created by plain POST.
void write_request(MapWriter& writer, Method method, std::string_view type,
                   const BusinessKey& key);

}  // namespace gateway::map
