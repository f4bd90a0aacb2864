// PlainExpression is the part of FHIRPath that outward maps mostly use, read
// from a Document without a tree, a stack or a collection:
//
//   lines.code   %resource.base   $this     fields, from here or from the root
//   'text'  1  true  %setting
//   base & '/NamingSystem/claim'
//   iif(provider.empty(), 'unknown')
//   = != and or not() exists() empty()
//
// It means what FHIRPath means by it; everything else is left to FHIRPath.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "map/document.h"
#include "map/source_path.h"

namespace gateway::map {

struct Setting;

// What an expression is evaluated on.
struct DocumentContext {
  const Document& document;
  Document::Node here = Document::kRoot;
  const std::vector<Setting>& settings;
};

// A field that the expression names.
struct DocumentPath {
 public:
  bool from_root = false;
  std::vector<std::uint8_t> slots;
  const DocumentField* field = nullptr;  // the last one

  bool operator==(const DocumentPath&) const = default;

  // The value, or what is absent; of a list of values the first.
  [[nodiscard]] const DocumentValue* find(const DocumentContext& context) const;
  // The list or object itself; null where it is absent.
  [[nodiscard]] const DocumentValue* find_nodes(
      const DocumentContext& context) const;

 private:
  [[nodiscard]] const DocumentValue* last(const DocumentContext& context,
                                          Document::Node& node) const;
};

class PlainExpression {
 public:
  // Nothing if FHIRPath must evaluate it. An Error names a field that the
  // document does not have. REQUIRES: scopes.back().document.
  static Result<std::optional<PlainExpression>> compile(
      std::string_view text, const Scopes& scopes,
      const std::vector<std::string>& settings);

  [[nodiscard]] FieldKind kind() const { return kind_; }
  // It gives the same on every document: a literal.
  [[nodiscard]] bool is_constant() const;
  [[nodiscard]] const std::string& constant() const {
    return steps_[root_].text;
  }
  // It always has a value.
  [[nodiscard]] bool is_certain() const { return is_certain(root_); }
  // It has a value exactly where that path has one, or exactly where it has
  // none; null if neither can be said.
  struct Presence {
    const DocumentPath* path = nullptr;
    bool with = true;
  };
  [[nodiscard]] Presence presence() const;
  // Only a path; null otherwise.
  [[nodiscard]] const DocumentPath* path() const;

  // Appends the text of its value; false if it has none.
  bool append(const DocumentContext& context, std::string& out) const;
  [[nodiscard]] bool holds(const DocumentContext& context) const;

 private:
  friend class PlainCompiler;
  enum class Op : std::uint8_t {
    nothing,
    literal,
    path,
    setting,
    concatenation,
    choice,
    exists,
    empty,
    equal,
    unequal,
    both,
    either,
    negation
  };
  enum class Truth : std::uint8_t { no, yes, unknown };
  struct Step {
    Op op = Op::nothing;
    FieldKind kind = FieldKind::text;
    std::uint32_t a = 0, b = 0, c = 0;  // operands: indexes of steps
    std::string text{};                 // of a literal, or a setting's name
    DocumentPath path{};
  };

  [[nodiscard]] bool is_certain(std::uint32_t step) const;
  bool append(std::uint32_t step, const DocumentContext& context,
              std::string& out) const;
  [[nodiscard]] Truth truth(std::uint32_t step,
                            const DocumentContext& context) const;
  [[nodiscard]] Truth equals(const Step& step,
                             const DocumentContext& context) const;

  std::vector<Step> steps_;
  std::uint32_t root_ = 0;
  FieldKind kind_ = FieldKind::text;
};

// A field that no object of the document has, with what may have been meant;
// for expressions that are left to FHIRPath.
std::optional<std::string> unknown_field(std::string_view text,
                                         const Scopes& scopes);

}  // namespace gateway::map
