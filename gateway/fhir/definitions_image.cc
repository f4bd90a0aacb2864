#include "fhir/definitions_image.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace gateway::fhir {
namespace {

constexpr std::uint64_t kMagic = 0x474D494741475757;  // "WWGAGIMG"
constexpr std::size_t kAlignment = 16;
// Names are found in an image by text_hash(): another hash makes it stale as
// another layout of its rows does.
constexpr std::uint32_t kHashes = 1;
constexpr std::uint32_t kFormat = kImageFormat + kHashes;

struct SectionPlace {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct Header {
  std::uint64_t magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t section_count = kSectionCount;
  std::uint64_t size = 0;      // of the whole image
  std::uint64_t checksum = 0;  // of everything behind the header
};

using Directory = std::array<SectionPlace, kSectionCount>;

std::size_t aligned(std::size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 29U);
}

Error refused(std::string why) {
  return {ErrorCode::invalid, "definitions image refused: " + std::move(why) +
                                  "; write it anew with workgate compile"};
}

}  // namespace

std::uint64_t checksum(std::span<const std::byte> bytes) {
  // Four lanes, so that a core checks several bytes per cycle.
  std::array<std::uint64_t, 4> lanes{1, 2, 3, 4};
  std::size_t at = 0;
  for (; at + 32 <= bytes.size(); at += 32) {
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), bytes.data() + at, sizeof words);
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      lanes[i] = mixed(lanes[i], words[i]);
    }
  }
  std::uint64_t hash = bytes.size();
  for (; at < bytes.size(); ++at) {
    hash = mixed(hash, std::to_integer<std::uint64_t>(bytes[at]));
  }
  for (const auto lane : lanes) hash = mixed(hash, lane);
  return hash;
}

std::vector<std::byte> image_bytes(
    const std::array<std::span<const std::byte>, kSectionCount>& sections) {
  Directory directory{};
  std::size_t size = sizeof(Header) + sizeof(Directory);
  for (std::size_t i = 0; i < kSectionCount; ++i) {
    size = aligned(size);
    directory[i] = {size, sections[i].size()};
    size += sections[i].size();
  }
  std::vector<std::byte> bytes(size);
  std::memcpy(bytes.data() + sizeof(Header), directory.data(),
              sizeof directory);
  for (std::size_t i = 0; i < kSectionCount; ++i) {
    if (sections[i].empty()) continue;
    std::memcpy(bytes.data() + directory[i].offset, sections[i].data(),
                sections[i].size());
  }
  Header header;
  header.size = size;
  header.checksum = checksum(std::span(bytes).subspan(sizeof(Header)));
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

DefinitionsImage::DefinitionsImage(DefinitionsImage&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})),
      owned_(std::move(other.owned_)),
      mapped_(std::exchange(other.mapped_, false)) {}

DefinitionsImage& DefinitionsImage::operator=(
    DefinitionsImage&& other) noexcept {
  if (this != &other) {
    release();
    bytes_ = std::exchange(other.bytes_, {});
    owned_ = std::move(other.owned_);
    mapped_ = std::exchange(other.mapped_, false);
  }
  return *this;
}

DefinitionsImage::~DefinitionsImage() { release(); }

void DefinitionsImage::release() {
  if (mapped_) {
    munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());  // NOLINT
  }
  mapped_ = false;
  bytes_ = {};
}

Result<DefinitionsImage> DefinitionsImage::open(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return Error{ErrorCode::not_found, "no definitions image at " + file +
                                           "; write it with workgate compile"};
  }
  struct stat status {};
  const bool readable = fstat(descriptor, &status) == 0 && status.st_size > 0;
  const auto size = static_cast<std::size_t>(readable ? status.st_size : 0);
  void* address =
      readable ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
               : MAP_FAILED;
  close(descriptor);
  if (address == MAP_FAILED) return refused(file + " cannot be read");
  DefinitionsImage image;
  image.bytes_ = {static_cast<const std::byte*>(address), size};
  image.mapped_ = true;
  if (const auto status_of = image.check(); !status_of.ok()) {
    return status_of.error();
  }
  // The check has read every page; what is needed comes back one by one.
  madvise(address, size, MADV_DONTNEED);
  return image;
}

Result<DefinitionsImage> DefinitionsImage::from_bytes(
    std::vector<std::byte> bytes) {
  DefinitionsImage image;
  image.owned_ = std::move(bytes);
  image.bytes_ = image.owned_;
  if (const auto status = image.check(); !status.ok()) return status.error();
  return image;
}

Status DefinitionsImage::check() const {
  Header header;
  if (bytes_.size() < sizeof(Header) + sizeof(Directory)) {
    return refused("it is truncated");
  }
  std::memcpy(&header, bytes_.data(), sizeof header);
  if (header.magic != kMagic) return refused("it is no definitions image");
  if (header.format != kFormat || header.section_count != kSectionCount) {
    return refused("it is stale: format " + std::to_string(header.format) +
                   ", and this program reads format " +
                   std::to_string(kFormat));
  }
  if (header.size != bytes_.size()) {
    return refused("it is truncated: " + std::to_string(bytes_.size()) +
                   " of " + std::to_string(header.size) + " bytes");
  }
  if (checksum(bytes_.subspan(sizeof(Header))) != header.checksum) {
    return refused("it is damaged: its checksum does not match");
  }
  Directory directory{};
  std::memcpy(directory.data(), bytes_.data() + sizeof(Header),
              sizeof directory);
  for (const auto& place : directory) {
    if (place.offset % kAlignment != 0 || place.offset > bytes_.size() ||
        place.size > bytes_.size() - place.offset) {
      return refused("it is damaged: a section lies outside of it");
    }
  }
  return Done{};
}

std::span<const std::byte> DefinitionsImage::section_bytes(
    Section section) const {
  if (bytes_.empty()) return {};
  SectionPlace place;
  std::memcpy(&place,
              bytes_.data() + sizeof(Header) +
                  static_cast<std::size_t>(section) * sizeof(SectionPlace),
              sizeof place);
  return bytes_.subspan(place.offset, place.size);
}

std::string_view DefinitionsImage::text(Section section) const {
  const auto bytes = section_bytes(section);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace gateway::fhir
