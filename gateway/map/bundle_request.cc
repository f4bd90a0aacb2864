#include "map/bundle_request.h"

namespace gateway::map {
namespace {

constexpr std::string_view kUpperHex = "0123456789ABCDEF";
constexpr std::string_view kLowerHex = "0123456789abcdef";

// A search value in a URL: FHIR's own separators escaped, then RFC 3986.
void append_search_value(std::string& out, std::string_view text) {
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                       (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
                       c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    if (c == ',' || c == '|' || c == '$' || c == '\\') out += "%5C";
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kUpperHex[byte >> 4U];
    out += kUpperHex[byte & 15U];
  }
}

}  // namespace

std::string entry_url(std::uint32_t number) {
  std::string text = "urn:uuid:00000000-0000-4000-8000-000000000000";
  for (auto at = text.size(); number > 0; number >>= 4U) {
    text[--at] = kLowerHex[number & 15U];
  }
  return text;
}

void BusinessKey::note(Rule::Part part, std::string_view text) {
  if (is_known) return;
  if (part == Rule::Part::system) system = text;
  if (part == Rule::Part::value) value = text;
}

std::string BusinessKey::query() const {
  if (value.empty()) return {};
  if (!system.empty()) return exact_query();
  std::string out = "identifier=";
  append_search_value(out, value);
  return out;
}

std::string BusinessKey::exact_query() const {
  std::string out;
  constexpr std::size_t kUsual = 160;
  out.reserve(kUsual);
  out += "identifier=";
  append_search_value(out, system);
  out += "%7C";
  append_search_value(out, value);
  return out;
}

void write_request(MapWriter& writer, Method method, std::string_view type,
                   const BusinessKey& key) {
  const auto query = key.query();
  const bool update = method == Method::update && !query.empty();
  auto url = std::string(type);
  if (update) url += "?" + query;
  writer.key("request");
  writer.open('{');
  writer.key("method");
  writer.value(update ? "PUT" : "POST", false);
  writer.key("url");
  writer.value(url, false);
  if (method == Method::create && !query.empty()) {
    writer.key("ifNoneExist");
    writer.value(query, false);
  }
  writer.close('}');
}

}  // namespace gateway::map
