// Upper and lower case of Unicode letters, one letter for one (so that "ß"
// stays): the C library's own tables, whatever the locale of the process.

#pragma once

#include <string>
#include <string_view>

namespace gateway {

// REQUIRES: UTF-8. Bytes that are none stay as they are.
std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);

}  // namespace gateway
