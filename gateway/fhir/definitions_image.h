// DefinitionsImage is the bytes of compiled definitions: a mapped file, or an
// overlay in memory that continues the tables of one.
//
// Layout: header, directory of sections, sections; all little-endian, each
// section at a multiple of 16. The checksum covers everything behind the
// header. An image is refused as a whole or trusted as a whole: rows refer to
// each other without further checks.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gateway::fhir {

enum class Section : std::uint32_t {
  texts,
  keys,
  shapes,
  elements,
  types,
  targets,
  slots,
  constraints,
  discriminators,
  contexts,
  literals,
  systems,
  codes,
  value_sets,
  parts,
  members,
  artifacts,
  artifact_cells,
  code_cells,
  inputs,  // text: one line per package, name, version and hash
};
constexpr std::size_t kSectionCount = 20;

// Changes whenever a row changes its meaning or size.
constexpr std::uint32_t kImageFormat = 1;

class DefinitionsImage {
 public:
  DefinitionsImage() = default;
  DefinitionsImage(DefinitionsImage&& other) noexcept;
  DefinitionsImage& operator=(DefinitionsImage&& other) noexcept;
  ~DefinitionsImage();

  // Maps the file. Not found, or invalid with what is wrong with it: not an
  // image, another format, truncated, damaged.
  static Result<DefinitionsImage> open(const std::string& file);
  static Result<DefinitionsImage> from_bytes(std::vector<std::byte> bytes);

  template <typename Row>
  [[nodiscard]] std::span<const Row> rows(Section section) const {
    const auto bytes = section_bytes(section);
    return {reinterpret_cast<const Row*>(bytes.data()),
            bytes.size() / sizeof(Row)};
  }
  [[nodiscard]] std::string_view text(Section section) const;
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  [[nodiscard]] std::span<const std::byte> section_bytes(Section section) const;
  [[nodiscard]] Status check() const;
  void release();

  std::span<const std::byte> bytes_;
  std::vector<std::byte> owned_;
  bool mapped_ = false;
};

// The sections in order, made into the bytes of an image.
std::vector<std::byte> image_bytes(
    const std::array<std::span<const std::byte>, kSectionCount>& sections);

// Not cryptographic: it finds damage, it does not stop forgers.
std::uint64_t checksum(std::span<const std::byte> bytes);

}  // namespace gateway::fhir
