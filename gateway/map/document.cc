#include "map/document.h"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "base/json_writer.h"

namespace gateway::map {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

// What JSON does not take as it is.
constexpr auto kEscaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) table[byte] = true;
  table['"'] = true;
  table['\\'] = true;
  return table;
}();

constexpr std::size_t kWord = sizeof(std::uint64_t);

// Eight bytes at once: none of them has to be escaped. A byte over 0x7F may
// look like one that has; then each is looked at by itself.
bool is_plain(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, kWord);
  const auto below = [word](std::uint64_t least) {
    return word - kOnes * least;
  };
  const auto equal = [word](char c) {
    return (word ^ kOnes * static_cast<unsigned char>(c)) - kOnes;
  };
  return ((below(0x20) | equal('"') | equal('\\') | word) & kOnes * 0x80) == 0;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kNamed = "\"\\\n\r\t";
  constexpr std::string_view kLetters = "\"\\nrt";
  out += '\\';
  if (const auto at = kNamed.find(c); at != std::string_view::npos) {
    out += kLetters[at];
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += kHex[byte >> 4U];
  out += kHex[byte & 15U];
}

void append_integer(std::string& out, std::int64_t number) {
  std::array<char, 24> digits;
  const auto [end, failed] =
      std::to_chars(digits.data(), digits.data() + digits.size(), number);
  if (failed == std::errc()) {
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }
}

// As Decimal::text(), which needs a string of its own.
void append_decimal(std::string& out, std::int64_t coefficient, int scale) {
  const auto begin = out.size();
  append_integer(out, coefficient);
  if (scale == 0) return;
  const std::size_t sign = coefficient < 0 ? 1 : 0;
  const auto places = static_cast<std::size_t>(scale);
  const auto digits = out.size() - begin - sign;
  if (digits <= places) out.insert(begin + sign, places + 1 - digits, '0');
  out.insert(out.size() - places, 1, '.');
}

void append_date(std::string& out, std::int64_t days) {
  const std::chrono::local_days since_1970{std::chrono::days(days)};
  const std::chrono::year_month_day day{since_1970};
  const auto year = static_cast<int>(day.year());
  const auto month = static_cast<unsigned>(day.month());
  const auto date = static_cast<unsigned>(day.day());
  const auto digit = [](unsigned value) {
    return static_cast<char>('0' + value % 10);
  };
  const auto years = static_cast<unsigned>(year);
  const std::array<char, 10> text{digit(years / 1000),
                                  digit(years / 100),
                                  digit(years / 10),
                                  digit(years),
                                  '-',
                                  digit(month / 10),
                                  digit(month),
                                  '-',
                                  digit(date / 10),
                                  digit(date)};
  out.append(text.data(), text.size());
}

void write_node(JsonWriter& out, const Document& document, Document::Node node);

void write_value(JsonWriter& out, const DocumentField& field,
                 const DocumentValue& value) {
  std::string text;
  append_value(text, value);
  if (is_bare(field.kind)) {
    out.raw(text);
  } else {
    out.string(text);
  }
}

void write_nodes(JsonWriter& out, const Document& document,
                 const DocumentField& field, const DocumentValue& value) {
  if (field.repeats) out.begin_array();
  for (auto node = value.first; node != Document::kNoNode;
       node = document.next(node)) {
    if (field.kind == FieldKind::object) {
      write_node(out, document, node);
    } else {
      write_value(out, field, document.value(node, kItself));
    }
  }
  if (field.repeats) out.end_array();
}

void write_node(JsonWriter& out, const Document& document,
                Document::Node node) {
  out.begin_object();
  for (const auto& field : document.type(node).fields) {
    const auto& value = document.value(node, field.slot);
    if (!value.exists()) continue;
    out.key(field.name);
    if (value.kind == DocumentValue::Kind::nodes) {
      write_nodes(out, document, field, value);
    } else {
      write_value(out, field, value);
    }
  }
  out.end_object();
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (i + kWord <= text.size() && is_plain(text.data() + i)) i += kWord;
    if (i == text.size()) break;
    if (!kEscaped[static_cast<unsigned char>(text[i])]) continue;
    out.append(text, begin, i - begin);
    append_escape(out, text[i]);
    begin = i + 1;
  }
  out.append(text.data() + begin, text.size() - begin);
}

void append_value(std::string& out, const DocumentValue& value) {
  switch (value.kind) {
    case DocumentValue::Kind::text:
      out += value.text;
      return;
    case DocumentValue::Kind::integer:
      append_integer(out, value.number);
      return;
    case DocumentValue::Kind::decimal:
      append_decimal(out, value.number, value.scale);
      return;
    case DocumentValue::Kind::date:
      append_date(out, value.number);
      return;
    case DocumentValue::Kind::absent:
    case DocumentValue::Kind::nodes:
      return;
  }
}

void Document::start(const DocumentType& type) {
  nodes_.clear();
  values_.clear();
  kept_.clear();
  new_node(type);
}

Document::Node Document::new_node(const DocumentType& type) {
  const auto node = static_cast<Node>(nodes_.size());
  nodes_.push_back(
      {&type, static_cast<std::uint32_t>(values_.size()), kNoNode});
  values_.resize(values_.size() + type.fields.size());
  return node;
}

void Document::set(Node node, std::uint8_t number, std::string_view text) {
  if (text.empty()) return;
  auto& value = slot(node, number);
  value.kind = DocumentValue::Kind::text;
  value.text = text;
}

void Document::keep(Node node, std::uint8_t number, std::string text) {
  kept_.push_back(std::move(text));
  set(node, number, std::string_view(kept_.back()));
}

void Document::set(Node node, std::uint8_t number, const Decimal& amount) {
  constexpr Int128 kMost = std::numeric_limits<std::int64_t>::max();
  const auto coefficient = amount.coefficient();
  auto& value = slot(node, number);
  value.kind = DocumentValue::Kind::decimal;
  if (coefficient > kMost || coefficient < -kMost) {
    // Beyond all money that is: only its text is kept.
    kept_.push_back(amount.text());
    value.kind = DocumentValue::Kind::text;
    value.text = kept_.back();
    return;
  }
  value.number = static_cast<std::int64_t>(coefficient);
  value.scale = static_cast<std::uint8_t>(amount.scale());
}

void Document::set(Node node, std::uint8_t number, LocalDate date) {
  auto& value = slot(node, number);
  value.kind = DocumentValue::Kind::date;
  value.number = date.days().time_since_epoch().count();
}

void Document::set_integer(Node node, std::uint8_t number,
                           std::int64_t integer) {
  auto& value = slot(node, number);
  value.kind = DocumentValue::Kind::integer;
  value.number = integer;
}

Document::Node Document::add(Node node, std::uint8_t number) {
  const auto added = new_node(*type(node).fields[number].type);
  auto& list = slot(node, number);
  if (list.exists()) {
    nodes_[list.last].next = added;
  } else {
    list.kind = DocumentValue::Kind::nodes;
    list.first = added;
  }
  list.last = added;
  return added;
}

std::string document_json(const Document& document) {
  JsonWriter out;
  write_node(out, document, Document::kRoot);
  return out.take();
}

}  // namespace gateway::map
