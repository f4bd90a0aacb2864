#include "fhir/element_path.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gateway::fhir {
namespace {

std::size_t position(Json item) {
  std::size_t index = 0;
  for (const Json sibling : item.parent()) {
    if (sibling == item) break;
    ++index;
  }
  return index;
}

class PathWriter {
 public:
  explicit PathWriter(const Definitions& definitions)
      : definitions_(definitions) {}

  // The way from the root, by recursion: the limits of documents bound it.
  void write(Json node) {
    if (node.index() == 0) return root(node);
    write(node.parent());
    step(node);
  }
  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kUsualSize = 64;

  void root(Json node) {
    const auto type = node.get(definitions_.names.resource_type).text();
    out_.reserve(kUsualSize);
    out_ = type;
    shape_ = definitions_.type_named(type);
  }

  void step(Json node) {
    if (node.parent().is_array()) {
      out_ += '[';
      append(position(node));
      out_ += ']';
    } else {
      member(node);
    }
    if (!may_be_resource()) return;
    const auto type = node.get(definitions_.names.resource_type);
    if (type.is_string()) shape_ = definitions_.type_named(type.text());
  }

  // Data types and their parts name no type of their own.
  [[nodiscard]] bool may_be_resource() const {
    return shape_ == kNone ||
           definitions_.shapes[shape_].kind == TypeKind::resource;
  }

  void append(std::size_t number) {
    std::array<char, 20> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out_.append(digits.data(), end.ptr);
  }

  void member(Json node) {
    if (!out_.empty()) out_ += '.';
    const auto* slot =
        shape_ == kNone
            ? nullptr
            : definitions_.slot(definitions_.shapes[shape_], node.key());
    if (slot == nullptr) {
      out_ += node.name();
      shape_ = kNone;
      return;
    }
    const auto& owner = definitions_.shapes[shape_];
    const auto& row =
        definitions_.elements[owner.elements.first + slot->element];
    out_ += definitions_.keys().name(row.key);
    shape_ = definitions_.types[row.types.first + slot->type].shape;
    if ((row.flags & kChoice) != 0 && shape_ != kNone) {
      out_ += ".ofType(";
      out_ += definitions_.text(definitions_.shapes[shape_].name);
      out_ += ')';
    }
  }

  const Definitions& definitions_;
  std::string out_;
  std::uint32_t shape_ = kNone;
};

}  // namespace

std::string element_path(const Definitions& definitions, Json node) {
  if (!node.exists()) return {};
  PathWriter writer(definitions);
  writer.write(node);
  return writer.take();
}

}  // namespace gateway::fhir
