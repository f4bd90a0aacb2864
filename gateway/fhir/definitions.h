// Definitions are the compiled types, profiles, value sets and code systems:
// an image, and perhaps an overlay of further packages on top of it.
//
// Immutable and shared by all threads. Rows are found by number; a number
// beyond the image's own tables belongs to the overlay. Nothing is parsed and
// nothing is allocated after construction.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/key_table.h"
#include "base/result.h"
#include "fhir/definition_rows.h"
#include "fhir/definitions_image.h"

namespace gateway::fhir {

// One table over an image and its overlay.
template <typename Row>
class Table {
 public:
  Table() = default;
  Table(std::span<const Row> first, std::span<const Row> second)
      : first_(first.data()),
        second_(second.data()),
        split_(static_cast<std::uint32_t>(first.size())),
        size_(static_cast<std::uint32_t>(first.size() + second.size())) {}

  // REQUIRES: index < size().
  const Row& operator[](std::uint32_t index) const {
    return index < split_ ? first_[index] : second_[index - split_];
  }
  // A range never crosses from the image to the overlay.
  [[nodiscard]] std::span<const Row> of(Range range) const {
    if (range.count == 0) return {};
    return {&(*this)[range.first], range.count};
  }
  [[nodiscard]] std::uint32_t size() const { return size_; }

 private:
  const Row* first_ = nullptr;
  const Row* second_ = nullptr;
  std::uint32_t split_ = 0;
  std::uint32_t size_ = 0;
};

class Definitions;
using SharedDefinitions = std::shared_ptr<const Definitions>;

class Definitions {
 public:
  static Result<SharedDefinitions> open(const std::string& file);
  static SharedDefinitions from(DefinitionsImage image);
  // `overlay` was compiled against `base`.
  static SharedDefinitions over(SharedDefinitions base,
                                DefinitionsImage overlay);

  // For JsonDocument::parse: documents then carry the numbers of the rows.
  [[nodiscard]] const KeyTable& keys() const { return keys_; }

  [[nodiscard]] std::string_view text(Text text) const {
    return text.offset < base_texts_.size()
               ? base_texts_.substr(text.offset, text.length)
               : overlay_texts_.substr(text.offset - base_texts_.size(),
                                       text.length);
  }

  // By canonical URL, with or without "|version". Nothing: nullptr.
  [[nodiscard]] const ArtifactRow* artifact(std::string_view url) const;
  // kNone if there is none. A type's plain name ("Patient") works too.
  [[nodiscard]] std::uint32_t shape_of(std::string_view url) const;
  [[nodiscard]] std::uint32_t type_named(std::string_view name) const;
  [[nodiscard]] std::uint32_t value_set_of(std::string_view url) const;
  [[nodiscard]] std::uint32_t system_of(std::string_view url) const;
  // Row of a code; kNone if the system does not list it.
  [[nodiscard]] std::uint32_t code_of(std::uint32_t system,
                                      std::string_view code) const;

  // The slot of a JSON member in a shape; nullptr if it has no such member.
  [[nodiscard]] const SlotRow* slot(const ShapeRow& shape, KeyId key) const {
    if (shape.slot_mask == 0) return nullptr;
    const SlotRow* first = &slots[shape.first_slot];
    for (std::uint32_t at = key & shape.slot_mask;;
         at = (at + 1) & shape.slot_mask) {
      if (first[at].key == key) return &first[at];
      if (first[at].key == kNone) return nullptr;
    }
  }
  // True if `shape` is `ancestor` or specializes or constrains it.
  [[nodiscard]] bool derives(std::uint32_t shape, std::uint32_t ancestor) const;

  // Sizes for those who continue the tables.
  [[nodiscard]] std::uint32_t text_size() const {
    return static_cast<std::uint32_t>(base_texts_.size() +
                                      overlay_texts_.size());
  }
  // One more than the greatest ConstraintRow::program.
  [[nodiscard]] std::uint32_t program_count() const { return program_count_; }

  // What went into it, a line per package.
  [[nodiscard]] std::string_view inputs() const;
  [[nodiscard]] const SharedDefinitions& base() const { return base_; }

  Table<ShapeRow> shapes;
  Table<ElementRow> elements;
  Table<TypeRow> types;
  Table<TargetRow> targets;
  Table<SlotRow> slots;
  Table<ConstraintRow> constraints;
  Table<DiscriminatorRow> discriminators;
  Table<ContextRow> contexts;
  Table<LiteralRow> literals;
  Table<SystemRow> systems;
  Table<CodeRow> codes;
  Table<ValueSetRow> value_sets;
  Table<PartRow> parts;
  Table<std::uint32_t> members;
  Table<ArtifactRow> artifacts;

  // Numbers of members that every walk meets.
  struct Names {
    KeyId resource_type = kNoKey;
    KeyId id = kNoKey;
    KeyId extension = kNoKey;
    KeyId url = kNoKey;
    KeyId reference = kNoKey;
    KeyId contained = kNoKey;
    KeyId full_url = kNoKey;
    KeyId resource = kNoKey;
    KeyId entry = kNoKey;
    KeyId meta = kNoKey;
    KeyId profile = kNoKey;
    KeyId system = kNoKey;
    KeyId code = kNoKey;
    KeyId coding = kNoKey;
    KeyId value = kNoKey;
    KeyId text = kNoKey;
    KeyId fhir_comments = kNoKey;
  };
  Names names;

 private:
  Definitions() = default;
  void attach();

  DefinitionsImage image_;
  SharedDefinitions base_;  // of an overlay
  KeyTable keys_;
  std::string_view base_texts_;
  std::string_view overlay_texts_;
  std::uint32_t program_count_ = 0;
};

// The hash by which artifacts and codes are found.
std::uint32_t text_hash(std::string_view text, std::uint32_t seed = 0);

}  // namespace gateway::fhir
