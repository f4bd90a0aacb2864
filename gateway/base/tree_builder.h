// TreeBuilder makes a JsonDocument out of what is not JSON, such as an HL7 v2
// message, so that maps and FHIRPath see one kind of tree.

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"

namespace gateway {

class TreeBuilder {
 public:
  // `source` is what the spans of the nodes point into.
  explicit TreeBuilder(std::string source,
                       const KeyTable& keys = KeyTable::none());

  // `name` is empty for items of an array and for the root.
  void begin_object(std::string_view name, ByteSpan span);
  void begin_array(std::string_view name, ByteSpan span);
  void end();  // of the innermost open object or array
  void add(std::string_view name, JsonKind kind, std::string_view text,
           ByteSpan span);

  // REQUIRES: exactly one root, and all that was begun is ended.
  JsonDocument finish();

 private:
  friend class JsonReader;

  std::uint32_t append(std::string_view name, JsonKind kind, ByteSpan span);
  KeyId intern(std::string_view name);

  JsonDocument document_;
  std::vector<std::uint32_t> open_;
  std::unordered_map<std::string, KeyId> local_;
};

}  // namespace gateway
