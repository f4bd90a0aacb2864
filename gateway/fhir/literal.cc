#include "fhir/literal.h"

#include "base/decimal.h"
#include "base/json_writer.h"

namespace gateway::fhir {
namespace {

bool same_number(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto left = Decimal::parse(a);
  const auto right = Decimal::parse(b);
  return left && right && *left == *right;
}

enum class Mode : std::uint8_t { exact, pattern };

class Comparison {
 public:
  Comparison(const Definitions& definitions, Mode mode)
      : definitions_(definitions), mode_(mode) {}

  [[nodiscard]] bool holds(Json value, std::uint32_t literal) const {
    const auto& row = definitions_.literals[literal];
    const auto kind = static_cast<JsonKind>(row.kind);
    if (value.kind() != kind) return false;
    if (kind == JsonKind::object) return object(value, literal);
    if (kind == JsonKind::array) return array(value, literal);
    const auto text = definitions_.text(row.text);
    return kind == JsonKind::number ? same_number(value.text(), text)
                                    : value.text() == text;
  }

 private:
  [[nodiscard]] bool object(Json value, std::uint32_t literal) const {
    const auto& row = definitions_.literals[literal];
    if (mode_ == Mode::exact && value.size() != row.size) return false;
    auto child = literal + 1;
    for (std::uint32_t i = 0; i < row.size; ++i) {
      const auto& member = definitions_.literals[child];
      if (!holds(value.get(member.key), child)) return false;
      child = member.next;
    }
    return true;
  }

  [[nodiscard]] bool array(Json value, std::uint32_t literal) const {
    const auto& row = definitions_.literals[literal];
    if (mode_ == Mode::exact && value.size() != row.size) return false;
    auto child = literal + 1;
    Json item = value.first();
    for (std::uint32_t i = 0; i < row.size; ++i) {
      const bool found =
          mode_ == Mode::exact ? holds(item, child) : any(value, child);
      if (!found) return false;
      item = item.next();
      child = definitions_.literals[child].next;
    }
    return true;
  }

  [[nodiscard]] bool any(Json array, std::uint32_t literal) const {
    for (const Json item : array) {
      if (holds(item, literal)) return true;
    }
    return false;
  }

  const Definitions& definitions_;
  Mode mode_;
};

void write(const Definitions& definitions, std::uint32_t literal,
           JsonWriter& out) {
  const auto& row = definitions.literals[literal];
  const auto kind = static_cast<JsonKind>(row.kind);
  if (kind == JsonKind::string) {
    out.string(definitions.text(row.text));
    return;
  }
  if (kind != JsonKind::object && kind != JsonKind::array) {
    out.raw(definitions.text(row.text));
    return;
  }
  kind == JsonKind::object ? out.begin_object() : out.begin_array();
  auto child = literal + 1;
  for (std::uint32_t i = 0; i < row.size; ++i) {
    const auto& member = definitions.literals[child];
    if (member.key != kNoKey) out.key(definitions.keys().name(member.key));
    write(definitions, child, out);
    child = member.next;
  }
  kind == JsonKind::object ? out.end_object() : out.end_array();
}

}  // namespace

bool equals_literal(const Definitions& definitions, Json value,
                    std::uint32_t literal) {
  return Comparison(definitions, Mode::exact).holds(value, literal);
}

bool matches_literal(const Definitions& definitions, Json value,
                     std::uint32_t literal) {
  return Comparison(definitions, Mode::pattern).holds(value, literal);
}

std::string literal_text(const Definitions& definitions,
                         std::uint32_t literal) {
  JsonWriter out;
  write(definitions, literal, out);
  return out.take();
}

}  // namespace gateway::fhir
