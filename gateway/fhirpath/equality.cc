// Equality, equivalence and order of items, and what builds on them.

#include <algorithm>
#include <array>

#include "base/letter_case.h"
#include "fhirpath/operators.h"

namespace gateway::fhirpath {
namespace {

bool is_number(const Value& value) {
  return value.is(ValueKind::integer) || value.is(ValueKind::decimal);
}

Decimal number(const Value& value) {
  return value.is(ValueKind::integer) ? Decimal(value.integer())
                                      : value.decimal();
}

Quantity as_quantity(const Value& value) {
  return value.is(ValueKind::quantity) ? value.quantity()
                                       : Quantity{number(value), "1"};
}

// A text of a tree without types becomes what it is compared with.
Value adapted(const Value& from, const Value& value, const Value& other) {
  if (!value.is(ValueKind::string) || !from.is_node() ||
      from.type() != kUntyped || other.is(ValueKind::string)) {
    return value;
  }
  if (is_temporal(other.kind())) {
    auto kind = temporal_kind(other.kind());
    auto parsed = parse_temporal(kind, value.string());
    if (!parsed && kind == TemporalKind::date) {
      kind = TemporalKind::date_time;
      parsed = parse_temporal(kind, value.string());
    }
    return parsed ? Value::of(kind, *parsed) : value;
  }
  if (is_number(other)) {
    const auto decimal = Decimal::parse(value.string());
    return decimal ? Value::of(*decimal) : value;
  }
  return value;
}

// Most comparisons are of codes and texts with texts.
bool is_plain_text(const Value& value, std::string_view& text) {
  if (value.is(ValueKind::string)) {
    text = value.string();
    return true;
  }
  const auto primitive = value.primitive();
  const bool plain = primitive == fhir::Primitive::code ||
                     primitive == fhir::Primitive::string ||
                     primitive == fhir::Primitive::uri ||
                     primitive == fhir::Primitive::id;
  if (!plain || !value.is_node() || value.sibling_only()) return false;
  text = value.json().text();
  return true;
}

struct Pair {
  Value left;
  Value right;
};

Pair system_pair(Evaluation& run, const Value& left, const Value& right) {
  const auto a = run.system(left);
  const auto b = run.system(right);
  return {adapted(left, a, b), adapted(right, b, a)};
}

bool same_number(std::string_view left, std::string_view right) {
  if (left == right) return true;
  const auto a = Decimal::parse(left);
  const auto b = Decimal::parse(right);
  return a && b && *a == *b;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Without case, with runs of white space as one blank (FHIRPath 2.0, 6.1.2).
bool same_words(std::string_view left, std::string_view right) {
  std::size_t a = 0;
  std::size_t b = 0;
  const auto skip = [](std::string_view text, std::size_t& at) {
    const auto begin = at;
    while (at < text.size() && is_blank(text[at])) ++at;
    return at > begin;
  };
  for (;;) {
    const bool gap_a = skip(left, a);
    const bool gap_b = skip(right, b);
    if (gap_a != gap_b) return false;
    if (a == left.size() || b == right.size()) {
      return a == left.size() && b == right.size();
    }
    if (lower(left[a++]) != lower(right[b++])) return false;
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
}

bool equivalent_texts(std::string_view left, std::string_view right) {
  if (is_ascii(left) && is_ascii(right)) return same_words(left, right);
  return same_words(lower_case(left), lower_case(right));
}

enum class Likeness : std::uint8_t { equal, equivalent };

bool same_tree(Evaluation& run, Json left, Json right, Likeness likeness);

bool same_members(Evaluation& run, Json left, Json right, Likeness likeness) {
  const bool same_document = left.document() == right.document();
  for (const auto member : left) {
    const auto other =
        same_document ? right.get(member.key()) : right.get(member.name());
    if (!other.exists() || !same_tree(run, member, other, likeness)) {
      return false;
    }
  }
  return true;
}

// Recursion follows the depth of documents, which their limits bound.
bool same_tree(Evaluation& run, Json left, Json right, Likeness likeness) {
  if (!run.charge(1) || left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case JsonKind::object:
      return left.size() == right.size() &&
             same_members(run, left, right, likeness);
    case JsonKind::array: {
      if (left.size() != right.size()) return false;
      auto other = right.first();
      for (const auto item : left) {
        if (!same_tree(run, item, other, likeness)) return false;
        other = other.next();
      }
      return true;
    }
    case JsonKind::number:
      return same_number(left.text(), right.text());
    case JsonKind::string:
      return likeness == Likeness::equal
                 ? left.text() == right.text()
                 : equivalent_texts(left.text(), right.text());
    case JsonKind::absent:
    case JsonKind::null:
    case JsonKind::boolean:
      break;
  }
  return left.text() == right.text();
}

bool same_nodes(Evaluation& run, const Value& left, const Value& right,
                Likeness likeness) {
  if (left.sibling_only() != right.sibling_only()) return false;
  if (left.json() == right.json()) return true;
  return same_tree(run, left.json(), right.json(), likeness);
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15ULL + (hash << 6U) + (hash >> 2U);
  return hash * 0xFF51AFD7ED558CCDULL;
}

std::uint64_t text_hash64(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  return hash;
}

std::uint64_t tree_hash(Json json) {
  std::uint64_t hash = static_cast<std::uint64_t>(json.size());
  if (json.kind() == JsonKind::string) return text_hash64(json.text());
  if (!json.is_object()) return hash;
  // Order of members does not count, so their hashes are added up.
  for (const auto member : json) {
    if (member.is_string()) {
      hash += mixed(text_hash64(member.name()), text_hash64(member.text()));
    }
  }
  return hash;
}

}  // namespace

Truth equal(Evaluation& run, const Value& left, const Value& right) {
  std::string_view left_text;
  std::string_view right_text;
  if (is_plain_text(left, left_text) && is_plain_text(right, right_text)) {
    return left_text == right_text ? Truth::yes : Truth::no;
  }
  const auto [a, b] = system_pair(run, left, right);
  if (is_number(a) && is_number(b)) {
    return number(a) == number(b) ? Truth::yes : Truth::no;
  }
  if (a.is(ValueKind::quantity) || b.is(ValueKind::quantity)) {
    const auto measures = [](const Value& value) {
      return value.is(ValueKind::quantity) || is_number(value);
    };
    if (!measures(a) || !measures(b)) return Truth::no;
    return equal(as_quantity(a), as_quantity(b));
  }
  if (is_temporal(a.kind()) && is_temporal(b.kind())) {
    if (a.is(ValueKind::time) != b.is(ValueKind::time)) return Truth::no;
    const auto order = compare(a.temporal(), b.temporal());
    if (order == Order::unknown) return Truth::unknown;
    return order == Order::equal ? Truth::yes : Truth::no;
  }
  if (a.kind() != b.kind()) return Truth::no;
  bool same = false;
  if (a.is(ValueKind::string)) {
    same = a.string() == b.string();
  } else if (a.is(ValueKind::boolean)) {
    same = a.boolean() == b.boolean();
  } else if (a.is(ValueKind::type)) {
    same = a.named_type() == b.named_type();
  } else {
    same = same_nodes(run, a, b, Likeness::equal);
  }
  return same ? Truth::yes : Truth::no;
}

bool equivalent(Evaluation& run, const Value& left, const Value& right) {
  const auto [a, b] = system_pair(run, left, right);
  if (is_number(a) && is_number(b)) return equivalent(number(a), number(b));
  if (a.is(ValueKind::quantity) && b.is(ValueKind::quantity)) {
    return equivalent(a.quantity(), b.quantity()) == Truth::yes;
  }
  if (is_temporal(a.kind()) && is_temporal(b.kind())) {
    return a.is(ValueKind::time) == b.is(ValueKind::time) &&
           equivalent(a.temporal(), b.temporal());
  }
  if (a.kind() != b.kind()) return false;
  if (a.is(ValueKind::string)) return equivalent_texts(a.string(), b.string());
  if (a.is_node()) return same_nodes(run, a, b, Likeness::equivalent);
  return equal(run, a, b) == Truth::yes;
}

std::uint64_t equality_hash(Evaluation& run, const Value& value) {
  const auto plain = run.system(value);
  switch (plain.kind()) {
    case ValueKind::integer:
    case ValueKind::decimal: {
      const auto coefficient = number(plain).normalized().coefficient();
      return static_cast<std::uint64_t>(coefficient);
    }
    case ValueKind::string:
      return text_hash64(plain.string());
    case ValueKind::node:
      return tree_hash(plain.json());
    case ValueKind::boolean:
      return plain.boolean() ? 3 : 5;
    case ValueKind::date:
    case ValueKind::date_time:
    case ValueKind::time:
    case ValueKind::quantity:
    case ValueKind::type:
      break;  // equal ones may be written in many ways
  }
  return is_temporal(plain.kind()) ? 7 : 11;
}

Answer equal(Evaluation& run, const Part& left, const Part& right) {
  if (left.empty() || right.empty()) return Answer::empty;
  if (left.size() != right.size()) return Answer::no;
  auto result = Answer::yes;
  for (std::uint32_t i = 0; i < left.size(); ++i) {
    if (!run.charge(1)) return Answer::failed;
    switch (equal(run, run.at(left.begin + i), run.at(right.begin + i))) {
      case Truth::no:
        return Answer::no;
      case Truth::unknown:
        result = Answer::empty;
        break;
      case Truth::yes:
        break;
    }
  }
  return result;
}

// Order does not count; each item on the right answers for one on the left.
Answer equivalent(Evaluation& run, const Part& left, const Part& right) {
  if (left.size() != right.size()) return Answer::no;
  std::vector<bool> taken(left.size() > 1 ? right.size() : 0);
  if (left.size() == 1) {
    return answer(equivalent(run, run.at(left.begin), run.at(right.begin)));
  }
  for (auto i = left.begin; i < left.end; ++i) {
    bool found = false;
    for (std::uint32_t j = 0; j < right.size() && !found; ++j) {
      if (!run.charge(1)) return Answer::failed;
      if (taken[j]) continue;
      found = equivalent(run, run.at(i), run.at(right.begin + j));
      if (found) taken[j] = true;
    }
    if (!found) return Answer::no;
  }
  return Answer::yes;
}

std::optional<Order> compare(Evaluation& run, const Value& left,
                             const Value& right) {
  const auto [a, b] = system_pair(run, left, right);
  if (is_number(a) && is_number(b)) {
    const auto order = number(a) <=> number(b);
    return order < 0 ? Order::less : order > 0 ? Order::greater : Order::equal;
  }
  if (is_temporal(a.kind()) && is_temporal(b.kind())) {
    if (a.is(ValueKind::time) != b.is(ValueKind::time)) return std::nullopt;
    return compare(a.temporal(), b.temporal());
  }
  const auto measures = [](const Value& value) {
    return value.is(ValueKind::quantity) || is_number(value);
  };
  if (measures(a) && measures(b)) {
    return compare(as_quantity(a), as_quantity(b));
  }
  if (!a.is(ValueKind::string) || !b.is(ValueKind::string)) {
    return std::nullopt;
  }
  const int order = a.string().compare(b.string());
  return order < 0 ? Order::less : order > 0 ? Order::greater : Order::equal;
}

namespace {

// The first of the `kept` items from `begin` on that equals `value`.
bool seen_before(Evaluation& run, std::uint32_t begin, std::uint32_t end,
                 const Value& value) {
  for (auto i = begin; i < end; ++i) {
    if (!run.charge(1)) return true;
    if (equal(run, run.at(i), value) == Truth::yes) return true;
  }
  return false;
}

// So few are compared each with each.
constexpr std::uint32_t kFew = 24;

// Names and codes are compared as the texts that they are. False, and nothing
// changed, if there is anything else among them.
bool distinct_texts(Evaluation& run, std::uint32_t begin) {
  const auto count = run.top() - begin;
  std::array<std::string_view, kFew> texts;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!is_plain_text(run.at(begin + i), texts[i])) return false;
  }
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!run.charge(kept)) return true;
    const auto text = texts[i];
    const auto last = texts.begin() + kept;
    if (std::find(texts.begin(), last, text) != last) continue;
    texts[kept] = text;
    run.at(begin + kept++) = run.at(begin + i);
  }
  run.drop_to(begin + kept);
  return true;
}

bool distinct_by_hash(Evaluation& run, std::uint32_t begin) {
  const auto count = run.top() - begin;
  std::size_t size = 64;
  while (size < std::size_t{count} * 2) size *= 2;
  constexpr std::uint32_t kFree = 0xFFFFFFFF;
  std::vector<std::uint32_t> cells(size, kFree);
  auto kept = begin;
  for (auto i = begin; i < begin + count; ++i) {
    const Value value = run.at(i);
    auto at = equality_hash(run, value) & (size - 1);
    bool seen = false;
    for (; cells[at] != kFree && !seen; at = (at + 1) & (size - 1)) {
      seen = seen_before(run, cells[at], cells[at] + 1, value);
    }
    if (!run.problem().message.empty()) return false;
    if (seen) continue;
    run.at(kept) = value;
    cells[at] = kept++;
  }
  run.drop_to(kept);
  return true;
}

}  // namespace

bool make_distinct(Evaluation& run, std::uint32_t begin) {
  const auto end = run.top();
  if (end - begin > kFew) return distinct_by_hash(run, begin);
  if (distinct_texts(run, begin)) return run.problem().message.empty();
  auto kept = begin;
  for (auto i = begin; i < end; ++i) {
    const Value value = run.at(i);
    if (!seen_before(run, begin, kept, value)) run.at(kept++) = value;
  }
  run.drop_to(kept);
  return run.problem().message.empty();
}

}  // namespace gateway::fhirpath
