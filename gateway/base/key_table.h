// KeyTable numbers member names, so that names are compared as integers.
//
// The definitions image lists every element name of its types once; documents
// parsed with that table carry its numbers, and names that it does not know get
// numbers of the document's own, from size() upward.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

using KeyId = std::uint32_t;
constexpr KeyId kNoKey = 0xFFFFFF;  // the root, and items of arrays

class KeyTable {
 public:
  KeyTable() = default;
  // Numbered from 0 in their order. REQUIRES: no name is repeated.
  explicit KeyTable(const std::vector<std::string>& names);

  // The name's number, which it gets now if it has none.
  KeyId intern(std::string_view name);
  // kNoKey if the table does not know the name.
  [[nodiscard]] KeyId find(std::string_view name) const;
  // REQUIRES: key < size().
  [[nodiscard]] std::string_view name(KeyId key) const { return names_[key]; }
  [[nodiscard]] std::size_t size() const { return names_.size(); }

  // The table without names, for documents that nobody walks by number.
  static const KeyTable& none();

 private:
  struct Slot {
    std::uint32_t hash = 0;
    KeyId key = kNoKey;
  };
  void grow();

  std::vector<std::string> names_;
  std::vector<Slot> slots_;  // open addressing; size is a power of two
};

// The hash that KeyTable and documents use for names.
std::uint32_t name_hash(std::string_view name);

}  // namespace gateway
