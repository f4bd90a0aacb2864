#include "fhir/package_archive.h"

#include <zlib.h>

#include <array>
#include <charconv>
#include <string_view>

namespace gateway::fhir {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMostBytes = 256U << 20U;

Error malformed(const std::string& file, std::string_view why) {
  return {ErrorCode::invalid,
          file + " is no FHIR package: " + std::string(why)};
}

Result<std::string> unpacked(const std::string& file) {
  gzFile in = gzopen(file.c_str(), "rb");
  if (in == nullptr) {
    return Error{ErrorCode::not_found, "cannot read the package " + file};
  }
  std::string bytes;
  std::array<char, 1U << 16U> chunk{};
  int count = 0;
  while ((count = gzread(in, chunk.data(), chunk.size())) > 0) {
    bytes.append(chunk.data(), static_cast<std::size_t>(count));
    if (bytes.size() > kMostBytes) break;
  }
  const bool complete = gzclose(in) == Z_OK && count == 0;
  if (bytes.size() > kMostBytes) return malformed(file, "over 256 MB unpacked");
  if (!complete)
    return malformed(file, "the gzip file is truncated or damaged");
  return bytes;
}

// A field of a tar header ends at its first NUL or at its full width.
std::string_view field(std::string_view header, std::size_t at,
                       std::size_t width) {
  const auto text = header.substr(at, width);
  return text.substr(0, text.find('\0'));
}

bool is_wanted(std::string_view name) {
  constexpr std::string_view kFolder = "package/";
  if (!name.starts_with(kFolder) || !name.ends_with(".json")) return false;
  name.remove_prefix(kFolder.size());
  return name.find('/') == std::string_view::npos && name != "package.json" &&
         !name.starts_with('.');
}

}  // namespace

Result<std::vector<PackageFile>> read_package(const std::string& file) {
  auto bytes = unpacked(file);
  if (!bytes.ok()) return bytes.error();
  std::string_view rest = *bytes;
  std::vector<PackageFile> files;
  while (rest.size() >= kBlock && rest.front() != '\0') {
    const auto header = rest.substr(0, kBlock);
    const auto digits = field(header, 124, 12);
    std::size_t size = 0;
    const auto* const end = digits.data() + digits.size();
    const auto* first = digits.data();
    while (first != end && *first == ' ') ++first;
    if (std::from_chars(first, end, size, 8).ec != std::errc()) {
      return malformed(file, "a tar header without a size");
    }
    rest.remove_prefix(kBlock);
    if (size > rest.size()) return malformed(file, "the tar file is truncated");
    auto name = std::string(field(header, 0, 100));
    const auto prefix = field(header, 345, 155);
    if (header.substr(257, 5) == "ustar" && !prefix.empty()) {
      name = std::string(prefix) + '/' + name;
    }
    const char kind = header[156];
    if ((kind == '0' || kind == '\0') && is_wanted(name)) {
      files.push_back({name, std::string(rest.substr(0, size))});
    }
    rest.remove_prefix(
        std::min(rest.size(), (size + kBlock - 1) / kBlock * kBlock));
  }
  if (files.empty()) return malformed(file, "no JSON files in package/");
  return files;
}

}  // namespace gateway::fhir
