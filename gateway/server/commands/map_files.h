// Files that the tools for maps read and write.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "map/map_case.h"

namespace gateway::server {

// `named`, else ./mappings, else the folder of the source tree.
std::string maps_folder(const std::string& named);

std::optional<std::string> file_text(const std::string& file);
[[nodiscard]] bool write_text(const std::string& file, const std::string& text);

// The *.hl7 files below a folder, as cases without expectation.
std::vector<map::MapCase> messages_in(const std::string& folder);

}  // namespace gateway::server
