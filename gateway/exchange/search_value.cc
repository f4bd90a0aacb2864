#include "exchange/search_value.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "exchange/interaction.h"
#include "fhir/resource.h"

namespace gateway::exchange {
namespace {

using std::chrono::microseconds;

// A value that no index entry has.
constexpr std::string_view kNothing = "|";

std::vector<std::string> targets(const SearchParameter& parameter,
                                 std::string_view id) {
  std::vector<std::string> references;
  const auto add = [&](std::string_view type) {
    references.push_back(std::string(type) + "/" + std::string(id));
  };
  if (parameter.of.empty()) {
    for (const auto& type : resource_types()) add(type.name);
  } else {
    for (const auto type : split(parameter.of, ' ')) add(type);
  }
  return references;
}

std::optional<std::vector<std::string>> reference_values(
    const SearchParameter& parameter, std::string_view target_type,
    const std::string& text, const Site& site) {
  if (is_resource_id(text)) {
    if (target_type.empty()) return targets(parameter, text);
    return std::vector{std::string(target_type) + "/" + text};
  }
  if (!target_type.empty()) return std::nullopt;
  auto key = reference_key(text, site);
  const auto parsed = fhir::parse_reference(key);
  if (parsed) {
    if (!may_target(parameter, parsed->target.type)) return std::nullopt;
  } else if (key.find(':') == std::string::npos) {
    return std::nullopt;  // neither relative nor a URI
  }
  return std::vector{std::move(key)};
}

std::optional<std::vector<std::string>> identifier_values(
    const std::vector<std::string>& parts) {
  const auto part = [&](std::size_t at) {
    return escaped_token_part(unescaped(parts[at]));
  };
  if (parts.size() == 1) return std::vector{part(0)};
  if (parts[0].empty() && parts[1].empty()) return std::nullopt;
  return std::vector{part(0) + "|" + part(1)};
}

// A code's system is implied by its element, so that it need not be written.
std::optional<std::vector<std::string>> code_values(
    const SearchParameter& parameter, const std::vector<std::string>& parts) {
  const auto code = unescaped(parts.back());
  const auto system = parts.size() == 1 ? "" : unescaped(parts[0]);
  if (!system.empty() && system != parameter.of) {
    return std::vector{std::string(kNothing)};
  }
  if (!code.empty()) return std::vector{code};
  if (system.empty()) return std::nullopt;
  return std::vector<std::string>{};
}

// How long what was written lasts: "2026-04" a month, ".12" ten milliseconds.
Instant end_of(const DateTime& written, Instant begin, std::string_view text) {
  using std::chrono::days;
  switch (written.precision) {
    case DatePrecision::year:
      return std::chrono::sys_days(std::chrono::year(written.year + 1) / 1 / 1);
    case DatePrecision::month:
      return std::chrono::sys_days(
          (std::chrono::year(written.year) / written.month +
           std::chrono::months(1)) /
          1);
    case DatePrecision::day:
      return begin + days(1);
    case DatePrecision::hour:
      return begin + std::chrono::hours(1);
    case DatePrecision::minute:
      return begin + std::chrono::minutes(1);
    case DatePrecision::second:
      return begin + std::chrono::seconds(1);
    case DatePrecision::fraction:
      break;
  }
  auto step = microseconds(1'000'000);
  for (auto at = text.find('.') + 1;
       at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    step = std::max(step / 10, microseconds(1));
  }
  return begin + step;
}

}  // namespace

std::vector<std::string> split_escaped(std::string_view text, char separator) {
  std::vector<std::string> pieces(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == separator) {
      pieces.emplace_back();
      continue;
    }
    pieces.back() += text[at];
    if (text[at] == '\\' && at + 1 < text.size()) pieces.back() += text[++at];
  }
  return pieces;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape =
        text[at] == '\\' && at + 1 < text.size() &&
        std::string_view(",|$\\").find(text[at + 1]) != std::string_view::npos;
    out += text[escape ? ++at : at];
  }
  return out;
}

std::string escaped_token_part(std::string_view part) {
  std::string out;
  for (const char c : part) {
    if (c == '|' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string token_text(std::string_view system, std::string_view value) {
  return escaped_token_part(system) + "|" + escaped_token_part(value);
}

std::optional<std::vector<std::string>> index_values(
    const SearchParameter& parameter, std::string_view target_type,
    std::string_view alternative, const Site& site) {
  if (parameter.kind == ParameterKind::reference) {
    return reference_values(parameter, target_type, unescaped(alternative),
                            site);
  }
  if (!target_type.empty()) return std::nullopt;
  const auto parts = split_escaped(alternative, '|');
  if (parts.size() > 2) return std::nullopt;
  return parameter.kind == ParameterKind::identifier
             ? identifier_values(parts)
             : code_values(parameter, parts);
}

std::optional<InstantRange> instant_range(std::string_view text) {
  constexpr std::array<std::string_view, 9> kPrefixes = {
      "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"};
  std::string_view prefix = "eq";
  if (std::find(kPrefixes.begin(), kPrefixes.end(), text.substr(0, 2)) !=
      kPrefixes.end()) {
    prefix = text.substr(0, 2);
    text.remove_prefix(2);
  }
  auto written = DateTime::parse(text);
  if (!written || prefix == "ne" || prefix == "ap") return std::nullopt;
  if (!written->offset_minutes) written->offset_minutes = 0;
  const auto begin = written->instant();
  if (!begin) return std::nullopt;
  const auto end = end_of(*written, *begin, text);
  if (prefix == "eq") return InstantRange{begin, end};
  if (prefix == "ge") return InstantRange{begin, std::nullopt};
  if (prefix == "le") return InstantRange{std::nullopt, end};
  if (prefix == "gt" || prefix == "sa") return InstantRange{end, std::nullopt};
  return InstantRange{std::nullopt, begin};  // lt, eb
}

}  // namespace gateway::exchange
