// Quantity is a FHIRPath quantity: a decimal with a UCUM code or a calendar
// unit. Calendar years and months equal no UCUM duration (FHIRPath 2.0, 6.1.1
// and 2.1.6.1); weeks and below equal theirs.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhirpath/temporal.h"

namespace gateway::fhirpath {

struct Quantity {
  Decimal value;
  std::string_view unit;               // UCUM code; "1" for a pure number
  TimeUnit calendar = TimeUnit::none;  // set: `unit` is its word
};

// "4 days", "1.5 'mg'", "3". Nothing for other texts (FHIRPath 2.0, 5.5.6);
// the unit's view is into `text`.
std::optional<Quantity> parse_quantity(std::string_view text);
std::string text_of(const Quantity& quantity);

enum class Truth : std::uint8_t { no, yes, unknown };

// Unknown: not comparable, or a calendar duration against another kind.
Truth equal(const Quantity& left, const Quantity& right);
Truth equivalent(const Quantity& left, const Quantity& right);
Order compare(const Quantity& left, const Quantity& right);
// Of the same dimension.
bool comparable(const Quantity& left, const Quantity& right);

// The same to the places of the less precise one, trailing zeros apart.
bool equivalent(const Decimal& left, const Decimal& right);

// Whether `left` is of a smaller unit than `right`, of the same dimension.
bool is_finer(const Quantity& left, const Quantity& right);
// In the finer unit of the two, that of `left` if neither is (FHIRPath 2.0,
// 6.6.3 and 6.6.4). Nothing if they are not comparable.
std::optional<Decimal> sum(const Quantity& left, const Quantity& right);
std::optional<Decimal> difference(const Quantity& left, const Quantity& right);
// In a UCUM unit, or a calendar unit by its word. Calendar years and months
// become no UCUM units, nor weeks and less.
std::optional<Quantity> converted(const Quantity& from, std::string_view unit);
// Codes of a product and a quotient: "m" by "m" is "m2", "g" by "m" is "g/m".
std::string product_unit(std::string_view left, std::string_view right);
std::string quotient_unit(std::string_view left, std::string_view right);

// The calendar unit by which a date moves: "d" and "day" are days; nothing for
// 'a' and 'mo', which are no calendar units, and for what is no time.
TimeUnit time_unit(const Quantity& quantity);

}  // namespace gateway::fhirpath
