// Digests of bytes, for lineage, replay detection and identity by content.

#pragma once

#include <string>
#include <string_view>

namespace gateway::security {

// SHA-256 in 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace gateway::security
