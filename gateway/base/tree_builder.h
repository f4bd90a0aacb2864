// TreeBuilder makes a JsonDocument out of what is not JSON, such as an HL7 v2
// message, so that maps and FHIRPath see one kind of tree.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace gateway {

// Appends nodes in document order and links them: what TreeBuilder and the
// JSON reader have in common.
class TreeAppender {
 public:
  explicit TreeAppender(JsonDocument& document) : document_(document) {}

  // The new node's index. A container stays open until close().
  std::uint32_t append(JsonKind kind, KeyId key, ByteSpan span);
  void close(std::uint32_t span_end);  // the innermost open container
  void set_text(std::uint32_t node, std::size_t offset, std::size_t size);
  KeyId intern(std::string_view name);

  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  [[nodiscard]] std::uint32_t innermost() const { return open_.back().node; }

 private:
  struct Open {
    std::uint32_t node;
    std::uint32_t latest_child;  // the node itself while it has none
  };
  JsonDocument& document_;
  std::vector<Open> open_;
};

class TreeBuilder {
 public:
  // `source` is what the spans of the nodes point into.
  explicit TreeBuilder(std::string source,
                       const KeyTable& keys = KeyTable::none());
  TreeBuilder(const TreeBuilder&) = delete;
  TreeBuilder& operator=(const TreeBuilder&) = delete;

  // `name` is empty for items of an array and for the root.
  void begin_object(std::string_view name, ByteSpan span);
  void begin_array(std::string_view name, ByteSpan span);
  void end();  // of the innermost open object or array
  void add(std::string_view name, JsonKind kind, std::string_view text,
           ByteSpan span);

  // REQUIRES: exactly one root, and all that was begun is ended.
  JsonDocument finish();

 private:
  JsonDocument document_;
  TreeAppender appender_;
};

}  // namespace gateway
