// DefinitionsWriter collects the rows of an image, or of an overlay that
// continues the tables of another.

#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/definitions.h"

namespace gateway::fhir {

class DefinitionsWriter {
 public:
  // `base` is nullptr for an image of its own, and must outlive the writer.
  explicit DefinitionsWriter(const Definitions* base = nullptr);

  Text text(std::string_view value);  // equal texts are stored once
  KeyId key(std::string_view name);   // numbers it if it is new
  [[nodiscard]] std::string_view read(Text text) const;
  [[nodiscard]] std::string_view key_name(KeyId key) const;

  // The number that the next row of each table gets, and the row itself.
  template <typename Row>
  struct Rows {
    std::uint32_t first = 0;  // rows of the base
    std::vector<Row> own;

    [[nodiscard]] std::uint32_t next() const {
      return first + static_cast<std::uint32_t>(own.size());
    }
    std::uint32_t add(const Row& row) {
      own.push_back(row);
      return next() - 1;
    }
    // Consecutive, as a range needs them.
    Range add_all(std::span<const Row> rows) {
      const Range range{next(), static_cast<std::uint32_t>(rows.size())};
      own.insert(own.end(), rows.begin(), rows.end());
      return range;
    }
    // REQUIRES: a row of this writer, not of the base.
    Row& operator[](std::uint32_t row) { return own[row - first]; }
    [[nodiscard]] bool owns(std::uint32_t row) const { return row >= first; }
  };

  Rows<ShapeRow> shapes;
  Rows<ElementRow> elements;
  Rows<TypeRow> types;
  Rows<TargetRow> targets;
  Rows<SlotRow> slots;
  Rows<ConstraintRow> constraints;
  Rows<DiscriminatorRow> discriminators;
  Rows<ContextRow> contexts;
  Rows<LiteralRow> literals;
  Rows<SystemRow> systems;
  Rows<CodeRow> codes;
  Rows<ValueSetRow> value_sets;
  Rows<PartRow> parts;
  Rows<std::uint32_t> members;
  Rows<ArtifactRow> artifacts;

  // The slots of a shape whose elements and types are written.
  void index_elements(ShapeRow& shape);
  // Puts an artifact under its URL; a later one replaces an earlier one.
  void publish(std::string_view url, ArtifactKind kind, std::uint32_t row,
               std::string_view source = {});
  // kNone if it is neither here nor in the base.
  [[nodiscard]] std::uint32_t find(std::string_view url,
                                   ArtifactKind kind) const;
  std::uint32_t add_code(std::uint32_t system, std::string_view code);
  [[nodiscard]] std::uint32_t find_code(std::uint32_t system,
                                        std::string_view code) const;
  // Equal expressions get equal numbers.
  std::uint32_t program(std::string_view expression);
  void add_input(std::string_view line);

  // Rows of this writer or of its base.
  [[nodiscard]] const ShapeRow& shape(std::uint32_t row) const;
  [[nodiscard]] const ElementRow& element(std::uint32_t row) const;
  [[nodiscard]] const TypeRow& type(std::uint32_t row) const;
  [[nodiscard]] const TargetRow& target(std::uint32_t row) const;
  [[nodiscard]] const CodeRow& code(std::uint32_t row) const;
  [[nodiscard]] const SystemRow& system(std::uint32_t row) const;

  [[nodiscard]] const Definitions* base() const { return base_; }
  [[nodiscard]] std::vector<std::byte> finish();

 private:
  const Definitions* base_;
  std::string texts_;
  std::uint32_t texts_first_ = 0;
  std::unordered_map<std::string, Text> known_texts_;
  std::vector<KeyRow> keys_;
  std::unordered_map<std::string, KeyId> known_keys_;
  std::uint32_t keys_first_ = 0;
  std::unordered_map<std::string, std::uint32_t> artifact_by_url_;
  std::unordered_map<std::string, std::uint32_t> code_by_name_;
  std::unordered_map<std::string, std::uint32_t> programs_;
  std::uint32_t programs_first_ = 0;
  std::string inputs_;
};

}  // namespace gateway::fhir
