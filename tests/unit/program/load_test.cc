#include "program/load.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "folders.h"

namespace gateway::program {
namespace {

TEST(LoadTest, TheShippedPacksLoad) {
  const auto programs =
      load_programs(std::string(GATEWAY_SOURCE_DIR) + "/config/policies", {});
  ASSERT_TRUE(programs.ok()) << programs.error().message;
  EXPECT_EQ(programs->packs().size(), 9U);
}

TEST(LoadTest, AFolderWithoutPacksIsRefused) {
  EXPECT_FALSE(load_programs("/nowhere", {}).ok());
}

TEST(LoadTest, AnErrorNamesItsFile) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("workgate-packs." + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "broken.yaml") << "id: x\nversion: 1\ncolour: red\n";
  const auto programs = load_programs(folder.string(), {});
  std::filesystem::remove_all(folder);
  ASSERT_FALSE(programs.ok());
  EXPECT_NE(programs.error().message.find("broken.yaml:3:1"),
            std::string::npos);
}

}  // namespace
}  // namespace gateway::program
