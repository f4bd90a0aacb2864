// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing
// above U+10FFFF.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {

// The offset of the first byte that is not part of a well-formed sequence, or
// npos if there is none. A NUL byte counts as ill-formed: no message needs it,
// and parsers disagree about it.
std::size_t first_invalid_utf8(std::string_view text);

void append_utf8(std::string& out, char32_t code_point);

}  // namespace gateway
