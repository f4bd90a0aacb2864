#include "transport/http_syntax.h"

#include <algorithm>

#include "base/utf8.h"

namespace gateway::transport {
namespace {

constexpr std::size_t kLongestHost = 255;
constexpr std::size_t kLongestPort = 5;
constexpr std::size_t kLongestLength = 15;

bool is_alphanumeric(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// The length of the address or name before any port; 0 if there is none.
std::size_t host_name_size(std::string_view text) {
  if (text.empty() || text[0] != '[') {
    const auto* const end = std::find_if(text.begin(), text.end(), [](char c) {
      return !is_alphanumeric(c) && c != '.' && c != '-' && c != '_';
    });
    return static_cast<std::size_t>(end - text.begin());
  }
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos || close < 3) return 0;
  const auto address = text.substr(1, close - 1);
  const bool plausible = std::all_of(
      address.begin(), address.end(),
      [](char c) { return is_hex_digit(c) || c == ':' || c == '.'; });
  return plausible ? close + 1 : 0;
}

unsigned hex_value(char c) {
  return static_cast<unsigned>(is_digit(c) ? c - '0' : lower(c) - 'a' + 10);
}

unsigned char escaped_byte(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(hex_value(text[at + 1]) * 16 +
                                    hex_value(text[at + 2]));
}

bool is_escape(std::string_view text, std::size_t at) {
  return text.size() - at > 2 && is_hex_digit(text[at + 1]) &&
         is_hex_digit(text[at + 2]);
}

}  // namespace

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_host(std::string_view text) {
  if (text.size() > kLongestHost) return false;
  const std::size_t name = host_name_size(text);
  if (name == 0) return false;
  const auto port = text.substr(name);
  return port.empty() || (port[0] == ':' && port.size() <= kLongestPort + 1 &&
                          all_digits(port.substr(1)));
}

bool is_path_and_query(std::string_view text) {
  constexpr std::string_view kMustBeEscaped = "#\"<>\\^`{|}";
  const auto query = text.find('?');
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // URL libraries leave the bar of FHIR's "system|code" as it is.
    if (c == '|' && i > query) continue;
    if (c <= ' ' || c > '~') return false;
    if (kMustBeEscaped.find(c) != std::string_view::npos) return false;
    if (c != '%') continue;
    if (!is_escape(text, i)) return false;
    const unsigned char byte = escaped_byte(text, i);
    if (byte == '\0' || byte == '\r' || byte == '\n') return false;
  }
  return true;
}

bool is_content_length(std::string_view text) {
  return all_digits(text) && text.size() <= kLongestLength &&
         (text.size() == 1 || text[0] != '0');
}

std::optional<std::string> percent_decoded(std::string_view path) {
  std::string decoded;
  decoded.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      decoded.push_back(path[i]);
      continue;
    }
    decoded.push_back(static_cast<char>(escaped_byte(path, i)));
    i += 2;
  }
  if (first_invalid_utf8(decoded) != std::string_view::npos) {
    return std::nullopt;
  }
  return decoded;
}

bool is_header_name(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [=](char c) {
    return is_alphanumeric(c) || kMarks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
  });
}

}  // namespace gateway::transport
