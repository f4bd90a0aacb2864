// Json is a place in a read-only tree; JsonDocument owns the tree.
//
// Every stage after the wire works on this one kind of tree. It is a flat tape
// of nodes in document order, each with the bytes that it came from, so that a
// finding can name its place and a read gives back what was sent. Numbers and
// booleans keep their text: FHIR tells 1.10 from 1.1. HL7 v2 messages become
// such trees through TreeBuilder (base/tree_builder.h).

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/key_table.h"
#include "base/result.h"

namespace gateway {

enum class JsonKind : std::uint8_t {
  absent,
  null,
  boolean,
  number,
  string,
  array,
  object
};

// What a document may cost. Beyond depth, nodes or bytes the error is
// too_large; all other refusals are invalid.
struct JsonLimits {
  std::size_t bytes = 64U << 20U;
  std::size_t nodes = 4'000'000;
  std::uint32_t depth = 64;
};

// Half-open, in bytes of JsonDocument::source().
struct ByteSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const ByteSpan&) const = default;
};

struct LineColumn {
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // in bytes, from 1
};

// Where byte `offset` of `text` lies.
LineColumn line_column(std::string_view text, std::size_t offset);

class JsonDocument;

// A cursor: cheap to copy, valid as long as its document. What does not exist
// is absent, and so is all that is looked up in it.
class Json {
 public:
  Json() = default;  // absent
  Json(const JsonDocument* document, std::uint32_t index)
      : document_(document), index_(index) {}

  [[nodiscard]] inline JsonKind kind() const;
  [[nodiscard]] bool exists() const { return document_ != nullptr; }
  [[nodiscard]] bool is_object() const { return kind() == JsonKind::object; }
  [[nodiscard]] bool is_array() const { return kind() == JsonKind::array; }
  [[nodiscard]] bool is_string() const { return kind() == JsonKind::string; }

  // A string's decoded content, or a number, boolean or null as written.
  // Empty for arrays, objects and what is absent.
  [[nodiscard]] inline std::string_view text() const;

  // The bytes it came from: with quotes for a string, with brackets for an
  // array or object, without the member name.
  [[nodiscard]] inline ByteSpan span() const;
  [[nodiscard]] std::string_view raw() const;  // those bytes

  // Member name. kNoKey and empty for items and the root.
  [[nodiscard]] inline KeyId key() const;
  [[nodiscard]] std::string_view name() const;

  // Members of an object or items of an array, in order; 0 for other kinds.
  [[nodiscard]] inline std::size_t size() const;
  [[nodiscard]] inline Json first() const;  // first child, or absent
  [[nodiscard]] inline Json next() const;   // next sibling, or absent
  [[nodiscard]] Json parent() const;
  [[nodiscard]] Json get(KeyId key) const;
  [[nodiscard]] Json get(std::string_view name) const;
  [[nodiscard]] Json at(std::size_t index) const;
  // a.b.c; an array on the way or at the end stands for its first item.
  [[nodiscard]] Json find(std::string_view dotted_path) const;

  // Place on the tape: document order, and equal exactly for equal places.
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] const JsonDocument* document() const { return document_; }
  bool operator==(const Json&) const = default;

  // for (Json child : value) ...
  class Iterator;
  [[nodiscard]] inline Iterator begin() const;
  [[nodiscard]] inline Iterator end() const;

 private:
  const JsonDocument* document_ = nullptr;
  std::uint32_t index_ = 0;
};

class JsonDocument {
 public:
  // Parses exactly one JSON value that uses all bytes of `text`. Refused with
  // their byte offset: invalid UTF-8, lone surrogates, NUL, a byte order mark,
  // repeated member names, trailing bytes, and all that RFC 8259 refuses.
  // `keys` must outlive the document.
  static Result<JsonDocument> parse(std::string text,
                                    const KeyTable& keys = KeyTable::none(),
                                    const JsonLimits& limits = {});

  [[nodiscard]] Json root() const { return {this, 0}; }
  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] const KeyTable& keys() const { return *keys_; }
  // The number of a name in this document; kNoKey if nothing bears it.
  [[nodiscard]] KeyId key_of(std::string_view name) const;
  [[nodiscard]] std::string_view name_of(KeyId key) const;
  [[nodiscard]] std::size_t node_count() const { return nodes_.size(); }

  // The tape itself, for walkers to which every nanosecond counts: a node's
  // first child is the one behind it. Others use Json.
  struct Node {
    std::uint32_t kind : 3;
    std::uint32_t last : 1;  // no sibling follows
    std::uint32_t key : 28;
    std::uint32_t next;    // index after this node's subtree
    std::uint32_t parent;  // index; the root's is its own
    ByteSpan span;
    std::uint32_t text;  // offset in text_; unused for containers
    std::uint32_t size;  // bytes of text, or number of children
  };
  [[nodiscard]] const Node* tape() const { return nodes_.data(); }

 private:
  friend class Json;
  friend class TreeBuilder;
  friend class TreeAppender;

  JsonDocument() = default;

  std::string source_;
  std::string text_;  // decoded strings and numbers, found by Node::text
  std::vector<Node> nodes_;
  const KeyTable* keys_ = &KeyTable::none();
  KeyTable local_;  // names that keys_ lacks: number keys_->size() + theirs
};

// A moved document keeps its heap blocks but not its address: cursors are
// taken from the document where it finally lies, usually behind this pointer.
using SharedDocument = std::shared_ptr<const JsonDocument>;

Result<SharedDocument> parse_shared(std::string text,
                                    const KeyTable& keys = KeyTable::none(),
                                    const JsonLimits& limits = {});

class Json::Iterator {
 public:
  explicit Iterator(Json at) : at_(at) {}
  Json operator*() const { return at_; }
  Iterator& operator++() {
    at_ = at_.next();
    return *this;
  }
  bool operator==(const Iterator&) const = default;

 private:
  Json at_;
};

inline JsonKind Json::kind() const {
  return exists() ? static_cast<JsonKind>(document_->nodes_[index_].kind)
                  : JsonKind::absent;
}

inline std::string_view Json::text() const {
  if (!exists()) return {};
  const auto& node = document_->nodes_[index_];
  if (node.kind >= static_cast<std::uint32_t>(JsonKind::array)) return {};
  return std::string_view(document_->text_).substr(node.text, node.size);
}

inline ByteSpan Json::span() const {
  return exists() ? document_->nodes_[index_].span : ByteSpan{};
}

inline KeyId Json::key() const {
  return exists() ? document_->nodes_[index_].key & kNoKey : kNoKey;
}

inline std::size_t Json::size() const {
  if (!exists()) return 0;
  const auto& node = document_->nodes_[index_];
  return node.kind >= static_cast<std::uint32_t>(JsonKind::array) ? node.size
                                                                  : 0;
}

inline Json Json::first() const {
  return size() == 0 ? Json() : Json(document_, index_ + 1);
}

inline Json Json::next() const {
  if (!exists()) return {};
  const auto& node = document_->nodes_[index_];
  return node.last != 0U ? Json() : Json(document_, node.next);
}

inline Json::Iterator Json::begin() const { return Iterator(first()); }
inline Json::Iterator Json::end() const { return Iterator(Json()); }

}  // namespace gateway
