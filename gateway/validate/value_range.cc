#include "validate/value_range.h"

#include <algorithm>

#include "base/date.h"
#include "base/decimal.h"
#include "fhirpath/ucum.h"

namespace gateway::validate {
namespace {

// A bound or a value, as far as ordering needs it.
struct Ordered {
  JsonKind kind = JsonKind::absent;
  std::string_view text;  // of a number or date; of a quantity's value
  std::string_view unit;  // of a quantity
};

Ordered ordered(Json value) {
  if (!value.is_object()) return {value.kind(), value.text(), {}};
  return {JsonKind::object, value.get("value").text(),
          value.get("code").text()};
}

Ordered ordered(const fhir::Definitions& definitions, std::uint32_t literal) {
  const auto& row = definitions.literals[literal];
  Ordered found{
      static_cast<JsonKind>(row.kind), definitions.text(row.text), {}};
  if (found.kind != JsonKind::object) return found;
  auto child = literal + 1;
  for (std::uint32_t i = 0; i < row.size; ++i) {
    const auto& member = definitions.literals[child];
    const auto name = definitions.keys().name(member.key);
    if (name == "value") found.text = definitions.text(member.text);
    if (name == "code") found.unit = definitions.text(member.text);
    child = member.next;
  }
  return found;
}

std::optional<std::strong_ordering> compare_dates(std::string_view a,
                                                  std::string_view b) {
  // ISO texts of one offset order as texts, as far as both go.
  const auto left = DateTime::parse(a);
  const auto right = DateTime::parse(b);
  if (!left || !right) {
    return a.size() >= 5 && a[2] == ':' ? std::optional(a <=> b) : std::nullopt;
  }
  if (left->offset_minutes && right->offset_minutes) {
    return *left->instant() <=> *right->instant();
  }
  const auto both = std::min({a.size(), b.size(), std::size_t{19}});
  return a.substr(0, both) <=> b.substr(0, both);
}

std::optional<std::strong_ordering> compare(const Ordered& value,
                                            const Ordered& bound) {
  if (value.kind == JsonKind::string && bound.kind == JsonKind::string) {
    return compare_dates(value.text, bound.text);
  }
  const auto left = Decimal::parse(value.text);
  const auto right = Decimal::parse(bound.text);
  if (!left || !right) return std::nullopt;
  if (value.unit == bound.unit) return *left <=> *right;
  const auto left_unit = fhirpath::unit_size(value.unit);
  const auto right_unit = fhirpath::unit_size(bound.unit);
  if (!left_unit || !right_unit) return std::nullopt;
  return fhirpath::compare_sizes(*left, *left_unit, *right, *right_unit);
}

}  // namespace

std::optional<std::strong_ordering> compare_to_literal(
    const fhir::Definitions& definitions, Json value, std::uint32_t literal) {
  return compare(ordered(value), ordered(definitions, literal));
}

std::optional<std::strong_ordering> compare_to_duration(
    const fhir::Definitions& definitions, Json value, std::uint32_t literal,
    LocalDate today, int direction) {
  const auto bound = ordered(definitions, literal);
  const auto date = DateTime::parse(value.text());
  const auto count = Decimal::parse(bound.text);
  if (bound.kind != JsonKind::object || !date || !count || !date->date()) {
    return std::nullopt;
  }
  const auto amount =
      static_cast<int>(count->truncated().value_or(0)) * direction;
  auto day = today.ymd();
  if (bound.unit == "a") day += std::chrono::years(amount);
  if (bound.unit == "mo") day += std::chrono::months(amount);
  auto limit = LocalDate(std::chrono::local_days(day));
  if (bound.unit == "wk") limit = limit.plus_days(7 * amount);
  if (bound.unit == "d") limit = limit.plus_days(amount);
  return *date->date() <=> limit;
}

std::optional<std::strong_ordering> compare_values(Json value, Json bound) {
  return compare(ordered(value), ordered(bound));
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace gateway::validate
