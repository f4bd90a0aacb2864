#include "exchange/conditions.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "transport/http_syntax.h"

namespace gateway::exchange {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                   "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Digits only.
std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::string two_digits(unsigned value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

void apply(Preferences& preferences, std::string_view preference) {
  const auto equals = preference.find('=');
  if (equals == std::string_view::npos) return;
  const auto name = trimmed(preference.substr(0, equals));
  auto value = trimmed(preference.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  const auto is = [&](std::string_view n, std::string_view v) {
    return transport::equal_ignoring_case(name, n) &&
           transport::equal_ignoring_case(value, v);
  };
  if (is("return", "minimal")) preferences.what = Return::minimal;
  if (is("return", "representation")) preferences.what = Return::representation;
  if (is("return", "OperationOutcome")) {
    preferences.what = Return::operation_outcome;
  }
  if (is("handling", "strict")) preferences.handling = Handling::strict;
  if (is("handling", "lenient")) preferences.handling = Handling::lenient;
}

}  // namespace

bool EntityTags::match(std::optional<std::uint32_t> current) const {
  return current && (any || std::find(versions.begin(), versions.end(),
                                      *current) != versions.end());
}

std::optional<EntityTags> parse_entity_tags(std::string_view text) {
  EntityTags tags;
  if (trimmed(text) == "*") {
    tags.any = true;
    return tags;
  }
  for (auto tag : split(text, ',')) {
    tag = trimmed(tag);
    if (tag.substr(0, 2) == "W/") tag.remove_prefix(2);
    if (tag.size() < 2 || tag.front() != '"' || tag.back() != '"') {
      return std::nullopt;
    }
    if (const auto version = number(tag.substr(1, tag.size() - 2))) {
      tags.versions.push_back(*version);
    }
  }
  return tags;
}

Preferences parse_preferences(const transport::Headers& headers) {
  Preferences preferences;
  for (const auto& [name, value] : headers) {
    if (name != "prefer") continue;
    for (const auto part : split(value, ',')) {
      for (const auto preference : split(part, ';')) {
        apply(preferences, preference);
      }
    }
  }
  return preferences;
}

std::string http_date(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(
      std::chrono::floor<std::chrono::seconds>(instant - day));
  const auto count = [](auto part) {
    return two_digits(static_cast<unsigned>(part.count()));
  };
  std::string out(kDays[std::chrono::weekday(day).c_encoding()]);
  out += ", " + two_digits(static_cast<unsigned>(date.day())) + " ";
  out += kMonths[static_cast<unsigned>(date.month()) - 1];
  out += " " + std::to_string(static_cast<int>(date.year())) + " ";
  out += count(time.hours()) + ":" + count(time.minutes()) + ":" +
         count(time.seconds()) + " GMT";
  return out;
}

std::optional<Instant> parse_http_date(std::string_view text) {
  // "Sun, 06 Nov 1994 08:49:37 GMT"
  if (text.size() != 29) return std::nullopt;
  const auto* const month =
      std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  const auto iso =
      std::string(text.substr(12, 4)) + "-" +
      two_digits(static_cast<unsigned>(month - kMonths.begin()) + 1) + "-" +
      std::string(text.substr(5, 2)) + "T" + std::string(text.substr(17, 8)) +
      "Z";
  const auto instant = parse_instant(iso);
  // Week day, commas and spaces are right exactly if it is written back so.
  if (!instant || http_date(*instant) != text) return std::nullopt;
  return instant;
}

}  // namespace gateway::exchange
