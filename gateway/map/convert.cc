#include "map/convert.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/date.h"
#include "base/decimal.h"
#include "map/plain_bytes.h"

namespace gateway::map {
namespace {

using fhir::Primitive;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// One look for what almost no byte is.
constexpr bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= ' ' &&
         (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

Converted malformed() { return {{}, ConversionFault::malformed}; }

// The parts of YYYY[MM[DD[HH[MM[SS[.S..]]]]]][+/-ZZZZ] (HL7 v2.5.1, 2.A.22).
struct Timestamp {
  std::string_view digits;
  std::string_view fraction;
  std::string_view offset;  // with its sign
};

std::optional<Timestamp> timestamp(std::string_view text) {
  Timestamp parts;
  const auto sign = text.find_first_of("+-");
  if (sign != std::string_view::npos) {
    parts.offset = text.substr(sign);
    text = text.substr(0, sign);
    if (parts.offset.size() != 5 || !all_digits(parts.offset.substr(1))) {
      return std::nullopt;
    }
  }
  const auto point = text.find('.');
  if (point != std::string_view::npos) {
    parts.fraction = text.substr(point + 1);
    text = text.substr(0, point);
    if (text.size() != 14 || !all_digits(parts.fraction)) return std::nullopt;
  }
  const bool known = text.size() == 4 || text.size() == 6 || text.size() == 8 ||
                     text.size() == 10 || text.size() == 12 ||
                     text.size() == 14;
  if (!known || !all_digits(text)) return std::nullopt;
  parts.digits = text;
  return parts;
}

// As FHIR writes it, without offset: hours have minutes and seconds there.
std::string local_text(const Timestamp& parts) {
  const auto digits = parts.digits;
  std::string out(digits.substr(0, 4));
  if (digits.size() >= 6) out += "-" + std::string(digits.substr(4, 2));
  if (digits.size() >= 8) out += "-" + std::string(digits.substr(6, 2));
  if (digits.size() < 10) return out;
  const auto two = [digits](std::size_t at) {
    return digits.size() >= at + 2 ? std::string(digits.substr(at, 2)) : "00";
  };
  out += "T" + two(8) + ":" + two(10) + ":" + two(12);
  if (!parts.fraction.empty()) out += "." + std::string(parts.fraction);
  return out;
}

std::string offset_of(const DateTime& local, const Zone& zone) {
  const LocalTime time =
      std::chrono::local_days(std::chrono::year_month_day(
          std::chrono::year(local.year), std::chrono::month(local.month),
          std::chrono::day(local.day))) +
      std::chrono::hours(local.hour) + std::chrono::minutes(local.minute) +
      std::chrono::seconds(local.second);
  const auto minutes = zone.offset_at(zone.instant(time)).count();
  const auto absolute = std::abs(minutes);
  const auto two = [](long value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
  };
  return (minutes < 0 ? "-" : "+") + two(absolute / 60) + ":" +
         two(absolute % 60);
}

Converted with_offset(std::string text, const DateTime& read,
                      const std::optional<Zone>& zone) {
  if (read.offset_minutes) return {std::move(text)};
  if (!zone) return {{}, ConversionFault::no_offset};
  return {text + offset_of(read, *zone)};
}

Converted date_time(std::string_view value, Primitive type,
                    const std::optional<Zone>& zone) {
  std::string text(value);
  if (const auto parts = timestamp(value)) {
    text = local_text(*parts);
    const bool has_time = parts->digits.size() >= 10;
    if (has_time && !parts->offset.empty()) {
      text += std::string(parts->offset.substr(0, 3)) + ":" +
              std::string(parts->offset.substr(3));
    }
  }
  const auto read = DateTime::parse(text);
  if (!read) return malformed();
  if (type == Primitive::date) {
    constexpr std::size_t kDay = 10;
    return {text.substr(0, std::min(text.size(), kDay))};
  }
  if (read->has_time()) return with_offset(std::move(text), *read, zone);
  if (type == Primitive::instant) return malformed();
  return {std::move(text)};
}

// HHMM[SS], or HH:MM[:SS].
Converted time_of_day(std::string_view value) {
  std::string digits;
  std::copy_if(value.begin(), value.end(), std::back_inserter(digits),
               is_digit);
  const bool plain = value.size() == digits.size();
  if (!plain && value.size() != digits.size() + digits.size() / 2 - 1) {
    return malformed();
  }
  if (digits.size() == 4) digits += "00";
  if (digits.size() != 6 || digits.substr(0, 2) > "23" ||
      digits.substr(2, 2) > "59" || digits.substr(4) > "59") {
    return malformed();
  }
  return {digits.substr(0, 2) + ":" + digits.substr(2, 2) + ":" +
          digits.substr(4)};
}

// HL7's NM allows a plus sign and leading zeros; JSON does not.
Converted number(std::string_view value, Primitive type) {
  if (value.starts_with('+')) value.remove_prefix(1);
  const bool negative = value.starts_with('-');
  if (negative) value.remove_prefix(1);
  while (value.size() > 1 && value[0] == '0' && is_digit(value[1])) {
    value.remove_prefix(1);
  }
  const std::string text = (negative ? "-" : "") + std::string(value);
  const auto read = Decimal::parse(text);
  if (!read || text.find_first_of("eE") != std::string::npos) {
    return malformed();
  }
  if (type == Primitive::decimal) return {text};
  if (!read->is_integer()) return malformed();
  const auto whole = read->truncated();
  constexpr std::int64_t kMost = 2147483647;
  if (!whole || *whole > kMost || *whole < -kMost - 1) return malformed();
  if (type == Primitive::positive_int && *whole < 1) return malformed();
  if (type == Primitive::unsigned_int && *whole < 0) return malformed();
  return {std::to_string(*whole)};
}

Converted boolean(std::string_view value) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10>
      kMeanings{{{"Y", "true"},
                 {"N", "false"},
                 {"y", "true"},
                 {"n", "false"},
                 {"1", "true"},
                 {"0", "false"},
                 {"true", "true"},
                 {"false", "false"},
                 {"T", "true"},
                 {"F", "false"}}};
  for (const auto& [known, meaning] : kMeanings) {
    if (known == value) return {std::string(meaning)};
  }
  return malformed();
}

// Control characters other than these are not allowed in FHIR strings.
bool is_text(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20U || is_blank(c);
  });
}

// Digits between dots, as in 2.16.840.1: senders call other things OIDs too.
bool is_oid(std::string_view text) {
  if (text.size() < 3 || text[0] > '2' || text[1] != '.') return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('.', at), text.size());
    const auto arc = text.substr(at, end - at);
    if (!all_digits(arc) || (arc.size() > 1 && arc[0] == '0')) return false;
    if (end + 1 == text.size()) return false;
    at = end + 1;
  }
  return true;
}

bool is_uri(std::string_view value) {
  constexpr std::string_view kOid = "urn:oid:";
  if (value.starts_with(kOid) && !is_oid(value.substr(kOid.size()))) {
    return false;
  }
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return is_blank(c); });
}

}  // namespace

Converted converted(std::string_view value, Primitive type,
                    const std::optional<Zone>& zone) {
  value = trimmed(value);
  if (value.empty()) return {{}, ConversionFault::no_value};
  switch (type) {
    case Primitive::date:
    case Primitive::date_time:
    case Primitive::instant:
      return date_time(value, type, zone);
    case Primitive::time:
      return time_of_day(value);
    case Primitive::boolean:
      return boolean(value);
    case Primitive::decimal:
    case Primitive::integer:
    case Primitive::positive_int:
    case Primitive::unsigned_int:
      return number(value, type);
    case Primitive::code:
    case Primitive::canonical:
    case Primitive::id:
    case Primitive::oid:
    case Primitive::uri:
    case Primitive::url:
    case Primitive::uuid:
    case Primitive::base64_binary:
    case Primitive::none:
    case Primitive::markdown:
    case Primitive::string:
    case Primitive::xhtml:
      break;
  }
  const auto same = unchanged(value, type);
  return same ? Converted{std::string(*same)} : malformed();
}

std::optional<std::string_view> unchanged(std::string_view value,
                                          Primitive type) {
  // Most texts have nothing that any of these types would mind.
  const bool plain = !value.empty() && has_no_blanks(value);
  if (!plain) value = trimmed(value);
  if (value.empty()) return std::nullopt;
  bool good = false;
  switch (type) {
    case Primitive::none:
    case Primitive::markdown:
    case Primitive::string:
    case Primitive::xhtml:
      good = plain || is_text(value);
      break;
    case Primitive::code:  // no blanks but single ones within
      good = plain || value.find("  ") == std::string_view::npos;
      break;
    case Primitive::canonical:
    case Primitive::id:
    case Primitive::oid:
    case Primitive::uri:
    case Primitive::url:
    case Primitive::uuid:
    case Primitive::base64_binary:
      good = (plain && !value.starts_with("urn:")) || is_uri(value);
      break;
    case Primitive::date:
    case Primitive::date_time:
    case Primitive::instant:
    case Primitive::time:
    case Primitive::boolean:
    case Primitive::decimal:
    case Primitive::integer:
    case Primitive::positive_int:
    case Primitive::unsigned_int:
      break;
  }
  return good ? std::optional(value) : std::nullopt;
}

Converted minutes_later(const std::string& time, std::string_view minutes) {
  const auto read = DateTime::parse(time);
  const auto added = number(trimmed(minutes), Primitive::unsigned_int);
  if (added.fault != ConversionFault::none) return added;
  if (!read || !read->has_time() || !read->instant()) return malformed();
  const auto later =
      *read->instant() + std::chrono::minutes(std::stoll(added.text));
  return {offset_text(later, std::chrono::minutes(*read->offset_minutes))};
}

bool is_bare(Primitive type) {
  return type == Primitive::boolean || type == Primitive::decimal ||
         type == Primitive::integer || type == Primitive::positive_int ||
         type == Primitive::unsigned_int;
}

}  // namespace gateway::map
