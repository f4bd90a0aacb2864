#include "exchange/query.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nothing where an escape is broken or the bytes are no UTF-8.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+') {
      out += ' ';
    } else if (text[at] != '%') {
      out += text[at];
    } else {
      if (at + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[at + 1]);
      const int low = hex_value(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      at += 2;
    }
  }
  if (first_invalid_utf8(out) != std::string_view::npos) return std::nullopt;
  return out;
}

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c >= '0' && c <= '9') ||
         std::string_view("-._~:/,").find(c) != std::string_view::npos;
}

void append_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
}

}  // namespace

OrRefusal<std::vector<QueryParameter>> parse_query(std::string_view text) {
  std::vector<QueryParameter> parameters;
  if (text.empty()) return parameters;
  for (const auto piece : split(text, '&')) {
    if (piece.empty()) continue;
    const auto equals = std::min(piece.find('='), piece.size());
    auto name = decoded(piece.substr(0, equals));
    auto value = decoded(piece.substr(std::min(equals + 1, piece.size())));
    if (!name || !value) {
      return refusal(400, IssueType::invalid, "rest/bad-encoding",
                     "the query has a broken percent escape, or bytes that "
                     "are not UTF-8; encode it as RFC 3986 says");
    }
    if (parameters.size() == kMostParameters) {
      return refusal(400, IssueType::too_costly, "rest/too-many-parameters",
                     "the query has more than " +
                         std::to_string(kMostParameters) + " parameters");
    }
    parameters.push_back({std::move(*name), std::move(*value)});
  }
  return parameters;
}

std::string query_text(const std::vector<QueryParameter>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    append_encoded(out, name);
    out += '=';
    append_encoded(out, value);
  }
  return out;
}

std::string_view value_of(const std::vector<QueryParameter>& parameters,
                          std::string_view name) {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(),
                   [&](const QueryParameter& p) { return p.name == name; });
  return found == parameters.end() ? std::string_view() : found->value;
}

std::string printable_name(std::string_view name) {
  const auto usual = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-' || c == ':' || c == '.';
  };
  const bool fine = !name.empty() && name.size() <= 40 &&
                    std::all_of(name.begin(), name.end(), usual);
  return fine ? "\"" + std::string(name) + "\"" : "of an unusual name";
}

}  // namespace gateway::exchange
