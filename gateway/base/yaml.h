// Yaml is a node of a configuration file, with the place where it stands: the
// one adapter to yaml-cpp, whose exceptions end here.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gateway {

class Yaml {
 public:
  enum class Kind { absent, null, scalar, sequence, map };

  Yaml() = default;
  // Refuses repeated keys, keys that are no text, tags, aliases that repeat
  // themselves without end, several documents, more than 64 levels and texts
  // over 4 MB; the message begins with file:line:column.
  static Result<Yaml> parse(std::string_view text, std::string file);
  static Result<Yaml> read(const std::string& file);

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool exists() const { return kind() != Kind::absent; }
  [[nodiscard]] const std::string& scalar() const;  // empty for other kinds
  // Written in quotes, so "true" is a text and not a truth value.
  [[nodiscard]] bool quoted() const;
  [[nodiscard]] Yaml get(std::string_view key) const;
  [[nodiscard]] const std::vector<Yaml>& items() const;
  [[nodiscard]] const std::vector<std::pair<Yaml, Yaml>>& members() const;

  [[nodiscard]] std::string place() const;  // file:line:column
  [[nodiscard]] std::size_t line() const;   // from 1
  [[nodiscard]] std::size_t column() const;

 private:
  struct Node;
  class Builder;
  explicit Yaml(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  std::shared_ptr<const Node> node_;
};

}  // namespace gateway
