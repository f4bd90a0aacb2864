// ElementList is a snapshot while it is made: elements in order, each with its
// members as JSON text.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/json_writer.h"

namespace gateway::fhir {

struct ListedElement {
  std::string id;
  std::string path;
  std::vector<std::pair<std::string, std::string>> members;  // name, JSON

  // Empty if there is none.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  void set(std::string_view name, std::string json);
  void remove(std::string_view name);
};

class ElementList {
 public:
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  // All elements, the first `from` prefixes of ids and paths replaced by `to`.
  static ElementList of(Json elements);

  [[nodiscard]] std::size_t find(std::string_view id) const;
  // One past the last element under `at`, its slices not counted.
  [[nodiscard]] std::size_t subtree_end(std::size_t at) const;
  // The same, with its slices and theirs.
  [[nodiscard]] std::size_t slices_end(std::size_t at) const;
  [[nodiscard]] bool has_members(std::size_t at) const {
    return subtree_end(at) > at + 1;
  }
  void insert(std::size_t at, std::vector<ListedElement> elements);

  ListedElement& operator[](std::size_t at) { return elements_[at]; }
  const ListedElement& operator[](std::size_t at) const {
    return elements_[at];
  }
  [[nodiscard]] std::size_t size() const { return elements_.size(); }
  void write(JsonWriter& out) const;

 private:
  std::vector<ListedElement> elements_;
};

// Elements [from, to) of `list` under another parent.
std::vector<ListedElement> moved(const ElementList& list, std::size_t from,
                                 std::size_t to, const ListedElement& parent,
                                 const ListedElement& old_parent);

// What the differential's element says, laid over the base's.
void merge(ListedElement& element, Json differential);

}  // namespace gateway::fhir
