#include "server/commands/map_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "server/places.h"

namespace gateway::server {

namespace fs = std::filesystem;

std::string maps_folder(const std::string& named) {
  if (!named.empty()) return named;
  std::error_code failed;
  if (fs::is_directory("mappings", failed)) return "mappings";
  // build/<preset>/workgate stands in the source tree.
  return (fs::path(binary_folder()) / ".." / ".." / "mappings")
      .lexically_normal()
      .string();
}

std::optional<std::string> file_text(const std::string& file) {
  auto text = read_file(file, FileKind::any);
  if (!text) return std::nullopt;
  return *std::move(text);
}

bool write_text(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  return !out.fail();
}

std::vector<map::MapCase> messages_in(const std::string& folder) {
  std::vector<map::MapCase> messages;
  std::error_code failed;
  for (auto it = fs::recursive_directory_iterator(folder, failed);
       !failed && it != fs::recursive_directory_iterator();
       it.increment(failed)) {
    if (it->path().extension() != ".hl7") continue;
    messages.push_back(
        {.name = fs::relative(it->path(), folder, failed).generic_string(),
         .input = file_text(it->path().string()).value_or(std::string())});
  }
  std::sort(messages.begin(), messages.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return messages;
}

}  // namespace gateway::server
