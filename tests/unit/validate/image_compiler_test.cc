#include "validate/image_compiler.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "folders.h"
#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

TEST(ImageCompilerTest, WritesAnImageThatOpens) {
  const auto folder =
      ::testing::TempDir() + "image_compiler_test." + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/a.json")
      << R"({"resourceType":"CodeSystem","url":"http://example.org/cs",)"
         R"("content":"complete","concept":[{"code":"a"}]})";
  const auto report =
      compile_image({.packages = {folder}, .output = folder + "/out.image"});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->code_systems, 1U);
  const auto opened = fhir::Definitions::open(folder + "/out.image");
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ((*opened)->codes.size(), 1U);
  EXPECT_FALSE((*opened)->inputs().empty());
  std::filesystem::remove_all(folder);
}

TEST(ImageCompilerTest, LeavesNothingHalfDone) {
  EXPECT_FALSE(compile_image({.packages = {"/nowhere"}, .output = "x"}).ok());
  EXPECT_FALSE(compile_image({.packages = {}, .output = "x"}).ok());
  const auto folder =
      ::testing::TempDir() + "image_compiler_bad." + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/a.json") << "{";
  EXPECT_FALSE(
      compile_image({.packages = {folder}, .output = folder + "/x.image"})
          .ok());
  EXPECT_FALSE(std::filesystem::exists(folder + "/x.image"));
  std::filesystem::remove_all(folder);
}

TEST(ImageCompilerTest, TheCoreImageIsSmall) {
  const auto size =
      std::filesystem::file_size(GATEWAY_BINARY_DIR "/workgate.image");
  EXPECT_LE(size, 40U << 20U);
}

}  // namespace
}  // namespace gateway::validate
