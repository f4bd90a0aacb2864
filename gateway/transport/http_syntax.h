// The small grammars of an HTTP/1.1 head that Beast leaves to its user: hosts,
// targets, lengths (RFC 9110, RFC 9112, RFC 3986). Each is stricter than the
// standard where two readers could understand two things.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway::transport {

// ASCII only; the wire has no locale.
char lower(char c);
bool is_digit(char c);
bool is_hex_digit(char c);
bool equal_ignoring_case(std::string_view a, std::string_view b);

// A name, IPv4 or [IPv6] address, with an optional port.
bool is_host(std::string_view text);

// Path and query of origin-form: no fragment, no byte that RFC 3986 wants
// escaped, well-formed escapes, and none of NUL, CR or LF.
bool is_path_and_query(std::string_view text);

// 1 to 15 digits without leading zeros, so that no reader overflows.
bool is_content_length(std::string_view text);

// Nothing where the escapes do not make UTF-8. REQUIRES: well-formed escapes.
std::optional<std::string> percent_decoded(std::string_view path);

// For answers. A name is a token (RFC 9110, 5.6.2); a value has no control
// characters, so that it cannot begin a line of its own.
bool is_header_name(std::string_view text);
bool is_header_value(std::string_view text);

}  // namespace gateway::transport
