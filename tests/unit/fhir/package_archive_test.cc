#include "fhir/package_archive.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <string>

namespace gateway::fhir {
namespace {

// A tar member: header block and padded content.
std::string member(const std::string& name, const std::string& content) {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  char size[12];
  std::snprintf(size, sizeof size, "%011o",
                static_cast<unsigned>(content.size()));
  header.replace(124, 11, size);
  header[156] = '0';
  auto padded = content;
  padded.resize((content.size() + 511) / 512 * 512, '\0');
  return header + padded;
}

std::string written(const std::string& bytes) {
  const auto file = ::testing::TempDir() + "package_archive_test." +
                    std::to_string(getpid()) + ".tgz";
  gzFile out = gzopen(file.c_str(), "wb");
  gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(out);
  return file;
}

TEST(PackageArchiveTest, GivesTheDefinitionsOfAPackage) {
  const auto file =
      written(member("package/package.json", "{}") +
              member("package/ValueSet-a.json", R"({"a":1})") +
              member("package/example/Patient-b.json", "{}") +
              member("package/.index.json", "{}") + std::string(1024, '\0'));
  const auto files = read_package(file);
  ASSERT_TRUE(files.ok());
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ(files->front().name, "package/ValueSet-a.json");
  EXPECT_EQ(files->front().text, R"({"a":1})");
}

TEST(PackageArchiveTest, RefusesWhatIsTruncated) {
  auto bytes = member("package/ValueSet-a.json", std::string(2000, ' '));
  bytes.resize(1000);
  const auto files = read_package(written(bytes));
  ASSERT_FALSE(files.ok());
  EXPECT_EQ(files.error().code, ErrorCode::invalid);
  EXPECT_FALSE(read_package(written("no tar file at all")).ok());
  EXPECT_EQ(read_package("/nowhere.tgz").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace gateway::fhir
