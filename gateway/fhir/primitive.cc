#include "fhir/primitive.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "base/date.h"

namespace gateway::fhir {
namespace {

struct Format {
  std::string_view name;
  JsonKind kind;
  std::string_view hint;
};

constexpr std::array<Format, 21> kFormats{{
    {"", JsonKind::absent, ""},
    {"base64Binary", JsonKind::string, "base64 with padding"},
    {"boolean", JsonKind::boolean, "true or false, without quotes"},
    {"canonical", JsonKind::string, "a URI without white space"},
    {"code", JsonKind::string,
     "a code without leading, trailing or double white space"},
    {"date", JsonKind::string, "YYYY, YYYY-MM or YYYY-MM-DD, an existing day"},
    {"dateTime", JsonKind::string,
     "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz"},
    {"decimal", JsonKind::number, "a number, without quotes"},
    {"id", JsonKind::string, "1 to 64 of A-Z, a-z, 0-9, '-' and '.'"},
    {"instant", JsonKind::string, "YYYY-MM-DDThh:mm:ss.sss+zz:zz"},
    {"integer", JsonKind::number, "a whole number of 32 bits, without quotes"},
    {"markdown", JsonKind::string, "a text that is not empty"},
    {"oid", JsonKind::string, "urn:oid: and numbers separated by dots"},
    {"positiveInt", JsonKind::number,
     "a whole number from 1 to 2147483647, without quotes"},
    {"string", JsonKind::string, "a text that is not empty"},
    {"time", JsonKind::string, "hh:mm:ss"},
    {"unsignedInt", JsonKind::number,
     "a whole number from 0 to 2147483647, without quotes"},
    {"uri", JsonKind::string, "a URI without white space"},
    {"url", JsonKind::string, "a URL without white space"},
    {"uuid", JsonKind::string, "urn:uuid: and a UUID in lower case"},
    {"xhtml", JsonKind::string, "a div element of XHTML"},
}};

constexpr const Format& format_of(Primitive type) {
  return kFormats[static_cast<std::size_t>(type)];
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Control characters other than tab, line feed and carriage return.
bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

// Eight bytes at a time: nearly no text has any byte below a space.
bool has_control(std::string_view text) {
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  constexpr std::uint64_t kSpaces = 0x2020202020202020U;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    const bool has_low = ((word - kSpaces) & ~word & kHigh) != 0;
    if (has_low &&
        std::any_of(text.begin() + at, text.begin() + at + 8, is_control)) {
      return true;
    }
  }
  return std::any_of(text.begin() + at, text.end(), is_control);
}

// FHIR: strings SHALL NOT exceed 1 MB.
constexpr std::size_t kLongestString = 1U << 20U;

// Neither spaces alone nor control characters. FHIR: "strings SHALL NOT
// contain Unicode character points below 32, except for u0009, u0010, u0013".
bool is_string(std::string_view text) {
  return text.size() <= kLongestString && !has_control(text) &&
         !std::all_of(text.begin(), text.end(), is_space);
}

// [^\s]+(\s[^\s]+)*
bool is_code(std::string_view text) {
  if (is_space(text.front()) || is_space(text.back())) return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (is_space(text[i]) && is_space(text[i - 1])) return false;
  }
  return true;
}

bool is_uri(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return is_space(c) || is_control(c); });
}

bool is_id(std::string_view text) {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_alpha(c) || is_digit(c) || c == '-' || c == '.';
         });
}

// urn:oid:[0-2](\.(0|[1-9][0-9]*))+
bool is_oid(std::string_view text) {
  constexpr std::string_view kPrefix = "urn:oid:";
  if (!text.starts_with(kPrefix)) return false;
  text.remove_prefix(kPrefix.size());
  if (text.size() < 3 || text[0] < '0' || text[0] > '2') return false;
  text.remove_prefix(1);
  while (!text.empty()) {
    if (text[0] != '.') return false;
    std::size_t digits = 0;
    while (1 + digits < text.size() && is_digit(text[1 + digits])) ++digits;
    if (digits == 0 || (digits > 1 && text[1] == '0')) return false;
    text.remove_prefix(1 + digits);
  }
  return true;
}

// urn:uuid: and 8-4-4-4-12 hexadecimal digits.
bool is_uuid(std::string_view text) {
  constexpr std::string_view kPrefix = "urn:uuid:";
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (!text.starts_with(kPrefix)) return false;
  text.remove_prefix(kPrefix.size());
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hex = is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f') ||
                     (text[i] >= 'A' && text[i] <= 'F');
    if (kShape[i] == '-' ? text[i] != '-' : !hex) return false;
  }
  return true;
}

// Groups of four characters, padded; white space between them is allowed.
bool is_base64(std::string_view text) {
  std::size_t characters = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    ++characters;
    if (c == '=') {
      ++padding;
    } else if (padding > 0 ||
               !(is_alpha(c) || is_digit(c) || c == '+' || c == '/')) {
      return false;
    }
  }
  return characters % 4 == 0 && padding <= 2;
}

// Hours, minutes and seconds, with a fraction of any length.
bool is_time(std::string_view text) {
  constexpr std::string_view kShape = "00:00:00";
  if (text.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == ':' ? text[i] != ':' : !is_digit(text[i])) return false;
  }
  if (text[0] > '2' || (text[0] == '2' && text[1] > '3')) return false;
  if (text[3] > '5' || text[6] > '6') return false;
  if (text[6] == '6' && text[7] != '0') return false;  // a leap second
  auto rest = text.substr(kShape.size());
  if (rest.empty()) return true;
  rest.remove_prefix(1);
  return text[8] == '.' && !rest.empty() &&
         std::all_of(rest.begin(), rest.end(), is_digit);
}

FormatDefect date_defect(std::string_view text) {
  const auto date = DateTime::parse(text);
  return date && !date->has_time() ? FormatDefect::none : FormatDefect::format;
}

FormatDefect date_time_defect(std::string_view text) {
  const auto date = DateTime::parse(text);
  if (!date) return FormatDefect::format;
  if (!date->has_time()) return FormatDefect::none;
  if (date->precision < DatePrecision::second) return FormatDefect::format;
  return date->offset_minutes ? FormatDefect::none : FormatDefect::no_offset;
}

FormatDefect instant_defect(std::string_view text) {
  const auto defect = date_time_defect(text);
  if (defect != FormatDefect::none) return defect;
  return DateTime::parse(text)->has_time() ? FormatDefect::none
                                           : FormatDefect::format;
}

FormatDefect integer_defect(std::string_view text, std::int64_t least) {
  std::int64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec == std::errc::result_out_of_range) return FormatDefect::range;
  if (parsed.ptr != end || parsed.ec != std::errc()) {
    return FormatDefect::format;
  }
  return value < least || value > INT32_MAX ? FormatDefect::range
                                            : FormatDefect::none;
}

FormatDefect unless(bool good) {
  return good ? FormatDefect::none : FormatDefect::format;
}

}  // namespace

Primitive primitive_named(std::string_view type) {
  for (std::size_t i = 1; i < kFormats.size(); ++i) {
    if (kFormats[i].name == type) return static_cast<Primitive>(i);
  }
  return Primitive::none;
}

std::string_view primitive_name(Primitive type) { return format_of(type).name; }

JsonKind json_kind(Primitive type) { return format_of(type).kind; }

std::string_view format_hint(Primitive type) { return format_of(type).hint; }

FormatDefect format_defect(Primitive type, Json value) {
  if (value.kind() != json_kind(type)) return FormatDefect::json_kind;
  return format_defect(type, value.text());
}

FormatDefect format_defect(Primitive type, std::string_view text) {
  if (text.empty()) return FormatDefect::empty;
  switch (type) {
    case Primitive::none:
    case Primitive::boolean:
    case Primitive::decimal:
    case Primitive::xhtml:  // see narrative.h
      return FormatDefect::none;
    case Primitive::base64_binary:
      return unless(is_base64(text));
    case Primitive::canonical:
    case Primitive::uri:
    case Primitive::url:
      return unless(is_uri(text));
    case Primitive::code:
      return unless(is_code(text));
    case Primitive::date:
      return date_defect(text);
    case Primitive::date_time:
      return date_time_defect(text);
    case Primitive::id:
      return unless(is_id(text));
    case Primitive::instant:
      return instant_defect(text);
    case Primitive::integer:
      return integer_defect(text, INT32_MIN);
    case Primitive::markdown:
    case Primitive::string:
      return unless(is_string(text));
    case Primitive::oid:
      return unless(is_oid(text));
    case Primitive::positive_int:
      return integer_defect(text, 1);
    case Primitive::time:
      return unless(is_time(text));
    case Primitive::unsigned_int:
      return integer_defect(text, 0);
    case Primitive::uuid:
      return unless(is_uuid(text));
  }
  return FormatDefect::none;
}

}  // namespace gateway::fhir
