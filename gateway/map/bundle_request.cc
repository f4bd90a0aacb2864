#include "map/bundle_request.h"

#include <algorithm>
#include <array>

namespace gateway::map {
namespace {

constexpr std::string_view kUpperHex = "0123456789ABCDEF";
constexpr std::string_view kLowerHex = "0123456789abcdef";

// What RFC 3986 leaves as it is.
constexpr auto kUnreserved = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view(
           "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._"
           "~")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

// A search value in a URL: FHIR's own separators escaped, then RFC 3986.
void append_search_value(std::string& out, std::string_view text) {
  const auto plain = [](char c) {
    return kUnreserved[static_cast<unsigned char>(c)];
  };
  for (auto at = text.begin(); at != text.end();) {
    const auto* const end = std::find_if_not(at, text.end(), plain);
    out.append(at, end);
    at = end;
    if (at == text.end()) break;
    const char c = *at++;
    if (c == ',' || c == '|' || c == '$' || c == '\\') out += "%5C";
    const auto byte = static_cast<unsigned char>(c);
    const std::array<char, 3> escaped{'%', kUpperHex[byte >> 4U],
                                      kUpperHex[byte & 15U]};
    out.append(escaped.data(), escaped.size());
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

bool is_one_by_key(std::string_view type) {
  return type == "ServiceRequest" || type == "Appointment" ||
         type == "Encounter" || type == "Procedure" || type == "ClaimResponse";
}

Method method_named(std::string_view name) {
  for (const auto& [known, method] : kMethods) {
    if (known == name) return method;
  }
  return Method::post;
}

void open_transaction(MapWriter& writer) {
  writer.open('{');
  writer.key("resourceType");
  writer.value("Bundle", false);
  writer.key("type");
  writer.value("transaction", false);
  writer.key("entry");
  writer.open('[');
}

void write_request(MapWriter& writer, Method method, std::string_view type,
                   const BusinessKey& key) {
  const auto query = key.query();
  const bool update = updates(method) && !query.empty();
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
