// The version of the software, as it tells it to others.

#pragma once

#include <string_view>

namespace gateway::server {

constexpr std::string_view kVersion = "0.1.0";

}  // namespace gateway::server
