#include "fhir/definitions_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace gateway::fhir {
namespace {

using ::testing::HasSubstr;

std::vector<std::byte> image() {
  static const std::string kText = "some text that is longer than one lane.";
  std::array<std::span<const std::byte>, kSectionCount> sections;
  sections[0] = std::as_bytes(std::span(kText.data(), kText.size()));
  return image_bytes(sections);
}

TEST(DefinitionsImageTest, GivesBackItsSections) {
  const auto made = DefinitionsImage::from_bytes(image());
  ASSERT_TRUE(made.ok());
  EXPECT_THAT(std::string(made->text(Section::texts)), HasSubstr("longer"));
  EXPECT_TRUE(made->text(Section::keys).empty());
}

TEST(DefinitionsImageTest, RefusesEveryDamagedByte) {
  for (std::size_t at = 0; at < image().size(); at += 7) {
    auto bytes = image();
    bytes[at] ^= std::byte{1};
    EXPECT_FALSE(DefinitionsImage::from_bytes(std::move(bytes)).ok()) << at;
  }
}

TEST(DefinitionsImageTest, RefusesEveryTruncation) {
  for (std::size_t size = 0; size < image().size(); size += 11) {
    auto bytes = image();
    bytes.resize(size);
    EXPECT_FALSE(DefinitionsImage::from_bytes(std::move(bytes)).ok()) << size;
  }
}

TEST(DefinitionsImageTest, SaysWhatIsWrong) {
  auto stale = image();
  stale[8] = std::byte{99};
  EXPECT_THAT(DefinitionsImage::from_bytes(stale).error().message,
              HasSubstr("stale: format 99"));
  auto damaged = image();
  damaged.back() ^= std::byte{1};
  EXPECT_THAT(DefinitionsImage::from_bytes(damaged).error().message,
              HasSubstr("damaged"));
  EXPECT_EQ(DefinitionsImage::open("/nowhere/x.image").error().code,
            ErrorCode::not_found);
}

TEST(DefinitionsImageTest, MapsAFile) {
  const auto file =
      ::testing::TempDir() + "small.image." + std::to_string(getpid());
  const auto bytes = image();
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  const auto made = DefinitionsImage::open(file);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->size(), bytes.size());
  std::remove(file.c_str());
}

}  // namespace
}  // namespace gateway::fhir
