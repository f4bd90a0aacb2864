// Document is what an outward map reads: typed values in numbered slots, a
// node per object. It is filled straight from the plan and never becomes text,
// unless a map asks for more than plain paths (document_json).
//
// Texts are not copied unless kept: they must outlive the document.

#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/decimal.h"
#include "map/document_model.h"

namespace gateway::map {

struct DocumentValue {
  enum class Kind : std::uint8_t {
    absent,
    text,
    integer,
    decimal,
    date,
    nodes
  };
  Kind kind = Kind::absent;
  std::uint8_t scale = 0;   // of a decimal
  std::uint32_t first = 0;  // of nodes: linked by their `next`
  std::uint32_t last = 0;   // likewise
  std::int64_t number = 0;  // integer, coefficient, or days since 1970
  std::string_view text{};

  [[nodiscard]] bool exists() const { return kind != Kind::absent; }
};

// Appends the value as it stands in a FHIR body, without quotes or escapes.
void append_value(std::string& out, const DocumentValue& value);
// Appends `text` as it stands between the quotes of JSON.
void append_escaped(std::string& out, std::string_view text);

class Document {
 public:
  using Node = std::uint32_t;
  static constexpr Node kRoot = 0;
  static constexpr Node kNoNode = 0xFFFFFFFF;

  explicit Document(const DocumentType& type) { start(type); }
  // Forgets everything, but keeps the rooms.
  void start(const DocumentType& type);

  // An empty text is no value.
  void set(Node node, std::uint8_t slot, std::string_view text);
  void keep(Node node, std::uint8_t slot, std::string text);
  void set(Node node, std::uint8_t slot, const Decimal& amount);
  void set(Node node, std::uint8_t slot, LocalDate date);
  void set_integer(Node node, std::uint8_t slot, std::int64_t number);
  // One more item of a list.
  Node add(Node node, std::uint8_t slot);
  void add(Node node, std::uint8_t slot, std::string_view text) {
    set(add(node, slot), kItself, text);
  }

  [[nodiscard]] const DocumentValue& value(Node node, std::uint8_t slot) const {
    return values_[nodes_[node].begin + slot];
  }
  [[nodiscard]] const DocumentType& type(Node node) const {
    return *nodes_[node].type;
  }
  [[nodiscard]] Node next(Node node) const { return nodes_[node].next; }

 private:
  struct Place {
    const DocumentType* type;
    std::uint32_t begin;  // of its slots
    Node next;
  };
  Node new_node(const DocumentType& type);
  DocumentValue& slot(Node node, std::uint8_t number) {
    return values_[nodes_[node].begin + number];
  }

  std::vector<Place> nodes_;
  std::vector<DocumentValue> values_;
  std::deque<std::string> kept_;
};

// The document as JSON, as `workgate map run` and golden cases read it.
std::string document_json(const Document& document);

}  // namespace gateway::map
