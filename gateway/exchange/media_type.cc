#include "exchange/media_type.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "transport/http_syntax.h"

namespace gateway::exchange {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), transport::lower);
  return out;
}

bool is_json(std::string_view type) {
  constexpr std::array<std::string_view, 3> kNames = {
      "application/fhir+json", "application/json", "text/json"};
  return std::find(kNames.begin(), kNames.end(), type) != kNames.end();
}

bool is_r4(std::string_view header) {
  const auto version = media_parameter(header, "fhirversion");
  return version.empty() || version == "4.0" || version == "4.0.1";
}

// q=0, q=0.0 ...: "not acceptable".
bool is_unwanted(std::string_view range) {
  const auto weight = media_parameter(range, "q");
  return !weight.empty() && weight[0] == '0' &&
         weight.find_first_not_of("0.") == std::string::npos;
}

Offer offer_of_range(std::string_view range) {
  const auto type = media_type(range);
  if (is_unwanted(range)) return Offer::none;
  if (type == "application/edi-x12") return Offer::edi_x12;
  const bool fits = is_json(type) || type == "*/*" || type == "application/*";
  return fits && is_r4(range) ? Offer::json : Offer::none;
}

}  // namespace

std::string media_type(std::string_view header) {
  return lowered(trimmed(header.substr(0, header.find(';'))));
}

std::string media_parameter(std::string_view header, std::string_view name) {
  const auto parts = split(header, ';');
  for (std::size_t at = 1; at < parts.size(); ++at) {
    const auto equals = parts[at].find('=');
    if (equals == std::string_view::npos) continue;
    if (lowered(trimmed(parts[at].substr(0, equals))) != name) continue;
    auto value = trimmed(parts[at].substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return lowered(value);
  }
  return {};
}

bool is_fhir_content(std::string_view content_type) {
  const auto type = media_type(content_type);
  const auto charset = media_parameter(content_type, "charset");
  return (type == kFhirJson || type == "application/json") &&
         (charset.empty() || charset == "utf-8" || charset == "utf8") &&
         is_r4(content_type);
}

bool is_form_content(std::string_view content_type) {
  const auto charset = media_parameter(content_type, "charset");
  return media_type(content_type) == "application/x-www-form-urlencoded" &&
         (charset.empty() || charset == "utf-8" || charset == "utf8");
}

Offer offer(std::string_view accept) {
  if (trimmed(accept).empty()) return Offer::json;
  Offer best = Offer::none;
  for (const auto range : split(accept, ',')) {
    const auto here = offer_of_range(range);
    if (here == Offer::json) return here;
    if (here == Offer::edi_x12) best = here;
  }
  return best;
}

Offer offer_of_format(std::string_view format) {
  // "application/fhir+json" arrives with a space where '+' was not escaped.
  std::string type = media_type(format);
  std::replace(type.begin(), type.end(), ' ', '+');
  return type == "json" || is_json(type) ? Offer::json : Offer::none;
}

}  // namespace gateway::exchange
